import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
/** Preset, so that the output can be searched for it. */
const ADMIN_TOKEN = "p.preset-admin-token-of-this-test";

const running: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

type Running = {
  readonly child: ChildProcessWithoutNullStreams;
  readonly output: { stdout: string; stderr: string };
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  /** Resolves when stdout has the text; rejects when the process ends without it. */
  readonly printed: (text: string) => Promise<void>;
};

/** The commands that run a server, started as `npm start` and `npm run local` do. */
function start(args: readonly string[], more: NodeJS.ProcessEnv = {}): Running {
  const command = ["--conditions=source", "--import", "tsx", join(ROOT, "scripts/cli.ts"), ...args];
  const env = { PATH: process.env.PATH, TB_LOCAL_WORKSPACE_TOKEN: ADMIN_TOKEN, ...more };
  const child = spawn(process.execPath, command, { cwd: ROOT, env });
  running.push(child);
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  const ended = once(child, "close").then(([code]) => code);
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => output.stdout.includes(text) && resolve();
      child.stdout.on("data", look);
      ended.then(() => reject(new Error(`ended without "${text}": ${output.stderr}`)));
      look();
    });
  return { child, output, ended, printed };
}

async function takenPort(): Promise<{ port: number; free: () => void }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is never a string.
  return { port: (server.address() as AddressInfo).port, free: () => server.close() };
}

describe("start", () => {
  it("--once sends a round, shows what is trending and the calls, and ends with 0", async () => {
    const { output, ended } = start(["start", "--once", "--port", "0", "--events", "3000"]);
    expect(await ended).toBe(0);
    expect(output.stdout).toContain("3000 sent, 0 quarantined, 0 failed");
    const table = output.stdout.split("\n").find((line) => line.startsWith("["));
    expect(JSON.parse(table ?? "")[0]).toMatchObject({
      content_id: expect.any(String),
      common_tags: expect.any(Array),
    });
    expect(output.stdout.match(/^curl /gm)).toHaveLength(4);
    expect(output.stdout + output.stderr).not.toContain(ADMIN_TOKEN);
  });

  it("prints calls that answer rows when they are pasted, and serves until Ctrl-C", async () => {
    const { child, output, ended, printed } = start(["start", "--port", "0"]);
    await printed("Ctrl-C ends it");
    const urls = [...output.stdout.matchAll(/^curl -sS '(.*\/v0\/pipes\/.*?)' -H 'Authorization: (.*)'$/gm)];
    const answers = urls.map(async ([, url = "", Authorization = ""]) => {
      const answer = await fetch(url, { headers: { Authorization } });
      return ((await answer.json()) as { rows: number }).rows > 0;
    });
    expect(await Promise.all(answers)).toEqual([true, true, true]);
    const [, page = ""] = output.stdout.match(/^Dashboard: (http.*\/dashboard\/)$/m) ?? [];
    expect(await (await fetch(page)).text()).toContain("<title>Social interactions</title>");
    child.kill("SIGINT");
    expect(await ended).toBe(130);
  });

  it("goes on with interactions behind the round, and loses none of them at Ctrl-C", async () => {
    const args = ["start", "--port", "0", "--events", "500", "--live", "40"];
    const { child, output, ended, printed } = start(args);
    await printed("Ctrl-C ends it");
    const [, url = ""] = /^Serving on (\S+)\. /m.exec(output.stdout) ?? [];
    const sql = new URLSearchParams({
      q: "SELECT toUInt32(count()) AS n FROM social_interactions FORMAT JSON",
      token: ADMIN_TOKEN,
    });
    const rows = async () => {
      const answer = await fetch(`${url}/v0/sql?${sql}`);
      return ((await answer.json()) as { data: [{ n: number }] }).data[0].n;
    };
    await expect.poll(rows, { timeout: 20_000 }).toBeGreaterThan(520);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(output.stdout).toMatch(/\nlive: [1-9]\d* sent, 0 quarantined, 0 failed\n$/);
    expect(output.stderr).not.toContain("error");
  });

  it("stops in the middle of a round at Ctrl-C", async () => {
    const { child, output, ended, printed } = start([
      "start",
      "--port",
      "0",
      "--rate",
      "20",
      "--events",
      "100000",
    ]);
    await printed("Embedded");
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(output.stdout).toMatch(/^\d+ sent, 0 quarantined, 0 failed$/m);
  });

  it.each(["start", "local"])("%s names the port that is taken, and the flag", async (command) => {
    const { port, free } = await takenPort();
    const { output, ended } = start([command, "--port", String(port)]);
    expect(await ended).toBe(1);
    free();
    expect(output.stderr).toMatch(new RegExp(`^error: Port ${port} is in use.*--port.*\\n$`));
  });
});

describe("local", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "prints one line when it is ready, and ends with 0 at %s",
    async (signal) => {
      const { child, output, ended, printed } = start(["local", "--port", "0"]);
      await printed("\n");
      const [, url] = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(output.stdout) ?? [];
      const answer = await fetch(`${url}/v0/pipes/trending_content.json?token=${ADMIN_TOKEN}`);
      expect(answer.status).toBe(200);
      child.kill(signal);
      expect(await ended).toBe(0);
      expect(output.stdout).toBe(`listening on ${url}\n`);
    },
  );

  it("--no-build starts empty", async () => {
    const { output, printed } = start(["local", "--port", "0", "--no-build"]);
    await printed("\n");
    const url = output.stdout.trim().replace("listening on ", "");
    const answer = await fetch(`${url}/v0/pipes/trending_content.json?token=${ADMIN_TOKEN}`);
    expect(answer.status).toBe(404);
  });
});

describe("dashboard", () => {
  const page = mkdtempSync(join(tmpdir(), "built-page-"));
  writeFileSync(join(page, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(page, "pipes.json"), '["live_pulse"]');
  afterAll(() => rmSync(page, { recursive: true }));

  it("serves the page for another server, signs with the key of its environment, and never prints it", async () => {
    const local = start(["local", "--port", "0"]);
    await local.printed("\n");
    const host = local.output.stdout.trim().replace("listening on ", "");
    const args = ["dashboard", "--host", host, "--port", "0", "--page", page];
    const { child, output, ended, printed } = start(args, { TINYBIRD_SIGNING_KEY: ADMIN_TOKEN });
    await printed("/dashboard/\n");
    const url = /http:\S+\/dashboard\/$/m.exec(output.stdout)?.[0] ?? "";
    const headers = { "sec-fetch-site": "same-origin" };
    const asked = await fetch(new URL("token", url), { method: "POST", headers });
    const { token } = (await asked.json()) as { token: string };
    const answer = await fetch(`${host}/v0/pipes/live_pulse.json`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(output.stdout + output.stderr).not.toContain(ADMIN_TOKEN);
  });

  it("takes its key from the environment only", async () => {
    const { output, ended } = start(["dashboard", "--host", "https://api.example.com"]);
    expect(await ended).toBe(1);
    expect(output.stderr).toContain("TINYBIRD_SIGNING_KEY");
  });
});
