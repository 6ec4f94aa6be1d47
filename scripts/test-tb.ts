/** Runs the real `tb` command line, and the official TypeScript client, against the embedded server. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CASES, type Case, problemsOf } from "./tb/cases.ts";
import { TB_PACKAGE, tbCommand } from "./tb/environment.ts";
import { officialSdk, SDK_PACKAGE, sdkCommand } from "./tb/official-sdk.ts";
import { SDK_CASES, type SdkCase, type SdkContext } from "./tb/sdk-cases.ts";
import { SDK_COMMANDS } from "./tb/sdk-commands.ts";
import { openSdkSession } from "./tb/sdk-session.ts";
import { openSession, type Session } from "./tb/session.ts";
import { describeError, EXIT, Failure } from "./terminal/failure.ts";
import { exitCodeOf, interruption } from "./terminal/signals.ts";

const ROOT = join(import.meta.dirname, "..");
const SDK_FOLDER = join(ROOT, ".cache/official-sdk");

async function main(): Promise<number> {
  const tb = await tbCommand(join(ROOT, ".cache/tb"));
  const { startLocal } = await import("tb-embedded");
  const { signal, happened, dispose } = interruption();
  const server = await startLocal({ port: 0, rateLimit: null });
  const cloud = { host: server.url, token: server.tokens.workspace_admin_token };
  const session = await openSession(tb, ROOT, server.port, cloud);
  try {
    console.log(`${TB_PACKAGE} against ${server.url}`);
    const failed =
      (await runCases("tb", CASES, session, signal)) +
      (await runSdkCases(signal)) +
      (await runSdkCommands(signal));
    if (signal.aborted) return exitCodeOf(await happened);
    const count = CASES.length + SDK_CASES.length + SDK_COMMANDS.length;
    console.log(`${count - failed} passed, ${failed} failed`);
    return failed > 0 ? EXIT.failed : EXIT.fine;
  } finally {
    await session.close();
    await server.close();
    dispose();
  }
}

/** Number of cases that failed. */
async function runCases(
  command: string,
  cases: readonly Case[],
  session: Session,
  signal: AbortSignal,
): Promise<number> {
  let failed = 0;
  for (const one of cases) {
    if (signal.aborted) break;
    if (!(await passes(command, session, one))) failed++;
  }
  return failed;
}

/** The official TypeScript client, on a server of its own with the project built. */
async function runSdkCases(signal: AbortSignal): Promise<number> {
  const sdk = await officialSdk(SDK_FOLDER);
  const { startLocal } = await import("tb-embedded");
  const server = await startLocal({ port: 0, project: ROOT });
  const folder = await mkdtemp(join(tmpdir(), "test-sdk-"));
  const [baseUrl, token] = [server.url, server.tokens.workspace_admin_token];
  const api = sdk.createTinybirdApi({ baseUrl, token });
  console.log(`${SDK_PACKAGE} against ${baseUrl}`);
  let failed = 0;
  try {
    for (const one of SDK_CASES) {
      if (signal.aborted) break;
      if (!(await sdkPasses(one, { sdk, api, baseUrl, token, folder }))) failed++;
    }
    return failed;
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The official client's command line, on a server without a project. */
async function runSdkCommands(signal: AbortSignal): Promise<number> {
  const { startLocal } = await import("tb-embedded");
  const server = await startLocal({ port: 0, rateLimit: null });
  const cloud = { host: server.url, token: server.tokens.workspace_admin_token };
  const session = await openSdkSession(sdkCommand(SDK_FOLDER), ROOT, cloud);
  try {
    return await runCases("tinybird", SDK_COMMANDS, session, signal);
  } finally {
    await session.close();
    await server.close();
  }
}

async function sdkPasses(one: SdkCase, context: SdkContext): Promise<boolean> {
  try {
    await one.run(context);
    console.log(`pass  ${one.title}`);
    return true;
  } catch (error) {
    console.log(`FAIL  ${one.title}`);
    console.log(describeError(error, true).replace(/^/gm, "      "));
    return false;
  }
}

async function passes(command: string, session: Session, one: Case): Promise<boolean> {
  if (one.write) await session.write(one.write.path, one.write.text);
  const result = await session.run(one.args, one.watch);
  const problems = problemsOf(one, result);
  console.log(`${problems.length === 0 ? "pass" : "FAIL"}  ${command} ${one.args.join(" ")}: ${one.title}`);
  if (problems.length > 0)
    console.log([...problems, "output:", result.output].join("\n").replace(/^/gm, "      "));
  return problems.length === 0;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(describeError(error, Boolean(process.env.DEBUG)));
  return error instanceof Failure ? error.exitCode : EXIT.failed;
});
