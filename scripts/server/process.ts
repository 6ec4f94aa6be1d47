import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const CLI = join(import.meta.dirname, "../cli.ts");

/** Milliseconds between two looks for a process. */
const POLL_MS = 10;

/** A server in a process of its own, which can be killed. */
export interface KillableServer {
  readonly url: string;
  /** Milliseconds from the start of the process until it listened. */
  readonly startMs: number;
  /** Ends the server's process without a word. */
  kill(): Promise<void>;
  /** Ends the engine's process only, once there is one. */
  killEngine(): Promise<void>;
  /** The server's process and the engine's, if there is one. */
  pids(): number[];
  /** Asks it to close, and waits. @returns its exit code */
  stop(): Promise<number>;
}

export async function startServer(dataDir: string, project: string): Promise<KillableServer> {
  const start = performance.now();
  const args = ["local", "--port", "0", "--data-dir", dataDir, "--project", project, "--no-rate-limit"];
  const child = spawn(process.execPath, ["--conditions=source", "--import", "tsx", CLI, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await listening(child);
  const ended = once(child, "exit") as Promise<[number | null]>;
  return {
    url,
    startMs: performance.now() - start,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async killEngine() {
      let engine = enginePid(child.pid ?? 0);
      for (; engine === null; engine = enginePid(child.pid ?? 0)) await sleep(POLL_MS);
      process.kill(engine, "SIGKILL");
    },
    pids: () => [child.pid ?? 0, enginePid(child.pid ?? 0) ?? []].flat(),
    async stop() {
      child.kill("SIGTERM");
      const [code] = await ended;
      return code ?? 1;
    },
  };
}

/** The address that a starting server prints. @throws when it ends before */
export async function listening(child: ChildProcess): Promise<string> {
  let output = "";
  child.stdout?.setEncoding("utf8");
  for await (const text of child.stdout ?? []) {
    output += text;
    const url = /^listening on (\S+)$/m.exec(output)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The server ended before it listened: ${output}`);
}

/** The one process that the server has started; null between two. */
function enginePid(parent: number): number | null {
  const { stdout } = spawnSync("pgrep", ["-P", String(parent)], { encoding: "utf8" });
  return Number(stdout.trim().split("\n")[0]) || null;
}

/** The admin token of the default workspace. */
export async function adminToken(url: string): Promise<string> {
  const response = await fetch(`${url}/tokens`);
  return ((await response.json()) as { workspace_admin_token: string }).workspace_admin_token;
}
