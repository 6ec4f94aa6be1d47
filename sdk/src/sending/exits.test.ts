import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createClient } from "../index.ts";
import { TOKEN, until } from "../testing/client.test-setup.ts";
import { startEventsApi } from "../testing/events-api.test-server.ts";
import { temporaryFolder } from "../testing/folder.test-setup.ts";

const PROGRAM = join(import.meta.dirname, "../testing/sender.test-program.ts");

async function startServer() {
  const server = await startEventsApi();
  onTestFinished(() => server.close());
  return server;
}

/** Starts the program; `taken` grows with the ids that `send` took. */
function startProgram(...args: readonly string[]) {
  const child = spawn(process.execPath, ["--conditions=source", "--import", "tsx", PROGRAM, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  // "exit" may come before the last of the output; "close" does not.
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal }) as const);
  // The last piece may be a line that was cut off by a kill.
  const lines = () => output.split("\n").slice(0, -1);
  return { child, ended, lines, taken: () => lines().filter((line) => line.startsWith("e")) };
}

/** Opens the spool as the next process does, and sends what it holds. */
async function replay(host: string, dir: string) {
  const client = createClient({ host, token: TOKEN, spool: { dir } });
  return client.close();
}

const missing = (taken: readonly string[], written: ReadonlyMap<string, number>) =>
  taken.filter((id) => !written.has(id));

describe("a process that ends without flush() or close()", () => {
  it.each([["without a spool"], ["with a spool"]])(
    "naturally, %s, sends what is gathered first",
    async (spool) => {
      const [server, dir] = [await startServer(), temporaryFolder()];
      const folder = spool === "with a spool" ? [dir] : [];
      const { ended, taken } = startProgram(server.host, "natural end", "300", ...folder);
      expect(await ended).toEqual({ code: 0, signal: null });
      expect(taken().length).toBe(300);
      expect(missing(taken(), server.written)).toEqual([]);
      // No segment; the lock of an owner that is gone is taken over.
      expect(readdirSync(dir).filter((name) => name !== "lock")).toEqual([]);
    },
  );

  it.each([
    ["SIGTERM", "without a spool"],
    ["SIGTERM", "with a spool"],
    ["SIGINT", "without a spool"],
  ] as const)("by %s, %s, sends what is gathered, then ends by that signal", async (name, spool) => {
    const [server, dir] = [await startServer(), temporaryFolder()];
    const folder = spool === "with a spool" ? [dir] : [];
    const { child, ended, lines, taken } = startProgram(server.host, "wait for a signal", "300", ...folder);
    await until(() => lines().at(-1) === "ready");
    child.kill(name);
    expect(await ended).toEqual({ code: null, signal: name });
    expect(taken().length).toBe(300);
    expect(missing(taken(), server.written)).toEqual([]);
    expect(readdirSync(dir)).toEqual([]);
  });

  it("by process.exit, leaves its events in the spool for the next process", async () => {
    const [server, dir] = [await startServer(), temporaryFolder()];
    const { ended, taken } = startProgram(server.host, "process.exit", "300", dir);
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(server.written.size).toBeLessThan(300);
    expect(await replay(server.host, dir)).toMatchObject({ remained: 0, spooled: 0 });
    expect(missing(taken(), server.written)).toEqual([]);
    expect(readdirSync(dir)).toEqual([]);
  });

  it("by kill -9 in the middle of sending, leaves every event that send took in the spool", async () => {
    const [server, dir] = [await startServer(), temporaryFolder()];
    const { child, ended, taken } = startProgram(server.host, "for ever", "50", dir);
    await until(() => taken().length > 3_000 && server.written.size > 0);
    child.kill("SIGKILL");
    expect(await ended).toEqual({ code: null, signal: "SIGKILL" });
    await replay(server.host, dir);
    expect(taken().length).toBeGreaterThan(3_000);
    expect(missing(taken(), server.written)).toEqual([]);
    expect(readdirSync(dir)).toEqual([]);
  });

  it("by kill -9 while the service is away, keeps all of it through two restarts", async () => {
    const [server, dir] = [await startServer(), temporaryFolder()];
    const away = "http://127.0.0.1:9";
    const first = startProgram(away, "for ever", "50", dir);
    await until(() => first.taken().length > 1_000);
    first.child.kill("SIGKILL");
    await first.ended;
    const client = createClient({ host: away, token: TOKEN, spool: { dir } });
    const report = await client.close({ timeout: 50 });
    expect(report.spooled).toBe(report.sent);
    expect(report.sent).toBeGreaterThanOrEqual(first.taken().length);
    expect(await replay(server.host, dir)).toMatchObject({ delivered: report.sent });
    expect(missing(first.taken(), server.written)).toEqual([]);
  });
});
