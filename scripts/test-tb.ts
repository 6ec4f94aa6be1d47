/** Runs the real `tb` command line against the embedded server, on a copy of the project. */
import { join } from "node:path";
import { CASES, type Case, problemsOf } from "./tb/cases.ts";
import { TB_PACKAGE, tbCommand } from "./tb/environment.ts";
import { openSession, type Session } from "./tb/session.ts";
import { describeError, EXIT, Failure } from "./terminal/failure.ts";
import { exitCodeOf, interruption } from "./terminal/signals.ts";

const ROOT = join(import.meta.dirname, "..");

async function main(): Promise<number> {
  const tb = await tbCommand(join(ROOT, ".cache/tb"));
  const { startLocal } = await import("tb-embedded");
  const { signal, happened, dispose } = interruption();
  const server = await startLocal({ port: 0, rateLimit: null });
  const cloud = { host: server.url, token: server.tokens.workspace_admin_token };
  const session = await openSession(tb, ROOT, server.port, cloud);
  try {
    console.log(`${TB_PACKAGE} against ${server.url}`);
    const failed = await runCases(session, signal);
    if (signal.aborted) return exitCodeOf(await happened);
    console.log(`${CASES.length - failed} passed, ${failed} failed`);
    return failed > 0 ? EXIT.failed : EXIT.fine;
  } finally {
    await session.close();
    await server.close();
    dispose();
  }
}

/** Number of cases that failed. */
async function runCases(session: Session, signal: AbortSignal): Promise<number> {
  let failed = 0;
  for (const one of CASES) {
    if (signal.aborted) break;
    if (!(await passes(session, one))) failed++;
  }
  return failed;
}

async function passes(session: Session, one: Case): Promise<boolean> {
  if (one.write) await session.write(one.write.path, one.write.text);
  const result = await session.run(one.args);
  const problems = problemsOf(one, result);
  console.log(`${problems.length === 0 ? "pass" : "FAIL"}  tb ${one.args.join(" ")}: ${one.title}`);
  if (problems.length > 0)
    console.log([...problems, "output:", result.output].join("\n").replace(/^/gm, "      "));
  return problems.length === 0;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(describeError(error, Boolean(process.env.DEBUG)));
  return error instanceof Failure ? error.exitCode : EXIT.failed;
});
