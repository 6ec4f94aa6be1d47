import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalServer, startLocal } from "tb-embedded";
import { adminToken, listening } from "../server/process.ts";
import { tbCommand } from "../tb/environment.ts";
import { openSession, type Session } from "../tb/session.ts";
import { Failure } from "../terminal/failure.ts";
import { type Bench, type BenchContext, type Figure, median, timed } from "./bench.ts";

const ROOT = join(import.meta.dirname, "../..");
/** The command as a package installs it. */
const COMMAND = join(ROOT, "local/dist/command.js");
/** Each is done so often; the medians are told. */
const REPEATS = 5;
const MILLISECONDS = "ms";
const SQL = "/v0/sql?q=SELECT%201";
const ENDPOINT = "/v0/pipes/live_pulse.json";

export const bench: Bench = {
  description: "What a test run waits for: start to first answer, reset, tb build and tb test run",
  async *run({ signal, note }) {
    if (!existsSync(COMMAND)) throw new Failure("There is no built package: run npm run build first");
    yield* starting(note, signal);
    const server = await startLocal({ port: 0, project: ROOT });
    try {
      yield* resetting(server);
      yield* commands(server, { note, signal });
    } finally {
      await server.close();
    }
  },
};

/** An empty process of Node is the floor of every start. */
async function* starting(note: BenchContext["note"], signal: AbortSignal): AsyncGenerator<Figure> {
  note("starting the built server");
  const floor = await repeated(() => timed(() => ended(spawn(process.execPath, ["-e", ""]))), signal);
  yield { what: "an empty process of Node", value: floor, unit: MILLISECONDS };
  const dataDir = await mkdtemp(join(tmpdir(), "bench-start-"));
  try {
    for (const [how, args, path] of [
      ["", [], SQL],
      [", with the project to build", ["--project", ROOT], ENDPOINT],
      // The first of these builds, and the median leaves it out.
      [", with the project of last time", ["--project", ROOT, "--data-dir", dataDir], ENDPOINT],
    ] as const) {
      const value = await repeated(() => startToAnswer(args, path), signal);
      const ratio = { of: "empty process", value: value / floor };
      const what = `server start to its first answered request${how}`;
      yield { what, value, unit: MILLISECONDS, ratio, aim: "under 1000 ms" };
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** @param path what is asked first */
async function startToAnswer(options: readonly string[], path: string): Promise<number> {
  const args = [COMMAND, "--port", "0", ...options];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    return await timed(async () => firstAnswer(await listening(child), path));
  } finally {
    child.kill("SIGTERM");
    await ended(child);
  }
}

async function firstAnswer(url: string, path: string): Promise<void> {
  const headers = { authorization: `Bearer ${await adminToken(url)}` };
  const response = await fetch(url + path, { headers });
  if (!response.ok) throw new Error(`The first request was answered ${response.status}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

async function* resetting(server: LocalServer): AsyncGenerator<Figure> {
  const times: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    await sendOne(server);
    times.push(await timed(() => server.reset()));
  }
  yield {
    what: "reset of a workspace with rows",
    value: median(times),
    unit: MILLISECONDS,
    aim: "under 50 ms",
  };
}

async function sendOne(server: LocalServer): Promise<void> {
  const row = {
    interaction_id: "one",
    user_id: "u",
    interaction_type: "like",
    content_id: "c",
    platform: "x",
  };
  const response = await fetch(`${server.url}/v0/events?name=social_interactions&wait=true`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.tokens.workspace_admin_token}` },
    body: JSON.stringify({ ...row, timestamp: "2026-01-01 00:00:00" }),
  });
  if (!response.ok) throw new Error(`A row was answered ${response.status}`);
}

/** The real tb, whose own start is the floor. */
async function* commands(
  server: LocalServer,
  { note, signal }: Pick<BenchContext, "note" | "signal">,
): AsyncGenerator<Figure> {
  note("running the real tb");
  const tb = await tbCommand(join(ROOT, ".cache/tb"));
  const cloud = { host: server.url, token: server.tokens.workspace_admin_token };
  const session = await openSession(tb, ROOT, server.port, cloud);
  try {
    const floor = await repeated(() => timed(() => succeeds(session, ["--version"])), signal);
    yield { what: "tb --version", value: floor, unit: MILLISECONDS };
    for (const [args, aim] of [
      [["build"], "1000 ms beside tb's own start"],
      [["test", "run"], undefined],
    ] as const) {
      const value = await repeated(() => timed(() => succeeds(session, args)), signal);
      const figure = { value, unit: MILLISECONDS, ratio: { of: "tb --version", value: value / floor } };
      yield { what: `tb ${args.join(" ")}`, ...figure };
      yield {
        what: `tb ${args.join(" ")}, beside tb's own start`,
        value: value - floor,
        unit: MILLISECONDS,
        ...(aim !== undefined && { aim: `under ${aim}` }),
      };
    }
  } finally {
    await session.close();
  }
}

async function succeeds(session: Session, args: readonly string[]): Promise<void> {
  const { code, output } = await session.run(args);
  if (code !== 0) throw new Error(`tb ${args.join(" ")} ended with ${code}: ${output}`);
}

async function repeated(work: () => Promise<number>, signal: AbortSignal): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < REPEATS && !signal.aborted; i++) times.push(await work());
  return median(times);
}
