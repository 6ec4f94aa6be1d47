import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** An Events API that keeps the rows it gets; those of the user "odd" go to quarantine, and a token "bad" is refused. */
const rows: { user_id: string }[] = [];
const service = createServer(async (request, reply) => {
  const zipped = request.headers["content-encoding"] === "gzip";
  const lines = (await text(zipped ? request.pipe(createGunzip()) : request)).trim().split("\n");
  if (request.headers.authorization === "Bearer bad") {
    reply
      .writeHead(403, { "content-type": "application/json" })
      .end('{"error":"invalid authentication token"}');
    return;
  }
  const taken: { user_id: string }[] = lines.map((line) => JSON.parse(line));
  rows.push(...taken);
  const odd = taken.filter((row) => row.user_id === "odd").length;
  reply.writeHead(200, { "content-type": "application/json" });
  reply.end(JSON.stringify({ successful_rows: taken.length - odd, quarantined_rows: odd }));
});

let host = "";
let folder = "";

beforeAll(async () => {
  host = await listening(service);
  folder = mkdtempSync(join(tmpdir(), "send-test-"));
});
beforeEach(() => {
  rows.length = 0;
});
afterAll(() => {
  service.close();
  rmSync(folder, { recursive: true });
});

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is never a string.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function row(user: string, change: object = {}): string {
  const usual = {
    interaction_type: "like",
    content_id: "c",
    platform: "reddit",
    timestamp: "2026-01-31 12:00:00",
  };
  return JSON.stringify({
    user_id: user,
    ...usual,
    text_content: "",
    engagement_count: 1,
    tags: [],
    ...change,
  });
}

function start(args: readonly string[]) {
  const command = ["--conditions=source", "--import", "tsx", join(ROOT, "scripts/cli.ts"), "send", ...args];
  const env = { PATH: process.env.PATH, TB_HOST: host, TB_TOKEN: "t" };
  return spawn(process.execPath, command, { cwd: ROOT, env });
}

async function send(args: readonly string[], input = "") {
  const child = start(args);
  child.stdin.end(input);
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { stdout, stderr, status };
}

describe("send", () => {
  it("sends a file and ends with the counts and 0", async () => {
    const file = join(folder, "rows.ndjson");
    writeFileSync(file, Array.from({ length: 3_000 }, (_, i) => row(`user_${i}`)).join("\n"));
    expect(await send([file])).toMatchObject({ stdout: "3000 sent, 0 quarantined, 0 failed\n", status: 0 });
    // Batches are under way together, so they may arrive in any order.
    const arrived = rows.map((one) => one.user_id).toSorted();
    expect(arrived).toEqual(Array.from({ length: 3_000 }, (_, i) => `user_${i}`).toSorted());
  });

  it("sends standard input", async () => {
    expect(await send(["-"], `${row("a")}\n\n${row("b")}\n`)).toMatchObject({
      stdout: "2 sent, 0 quarantined, 0 failed\n",
      status: 0,
    });
  });

  it("reports what is not JSON and what is not valid by line, sends the others, and ends with 1", async () => {
    const input = [row("a"), "nope", row("b"), row("c", { engagement_count: 2 ** 31 }), row("d")].join("\n");
    const { stdout, stderr, status } = await send(["-"], input);
    expect(stdout).toBe("3 sent, 0 quarantined, 2 failed\n");
    expect(stderr).toMatch(/^line 2: not JSON: /m);
    expect(stderr).toMatch(/^line 4: .*engagement_count: expected an integer/m);
    expect(status).toBe(1);
    expect(rows.map((one) => one.user_id)).toEqual(["a", "b", "d"]);
  });

  it("reports only the first few of many", async () => {
    const { stderr } = await send(["-"], "nope\n".repeat(100));
    expect(stderr.match(/^line \d+:/gm)).toHaveLength(5);
    expect(stderr).toContain("… and 95 more");
  });

  it("leaves the check to the service with --no-validate", async () => {
    const { stdout } = await send(["-", "--no-validate"], row("a", { engagement_count: "many" }));
    expect(stdout).toBe("1 sent, 0 quarantined, 0 failed\n");
  });

  it("ends with 1 and names the table when rows are quarantined", async () => {
    const { stdout, stderr, status } = await send(["-"], `${row("a")}\n${row("odd")}`);
    expect(stdout).toBe("1 sent, 1 quarantined, 0 failed\n");
    expect(stderr).toContain("social_interactions_quarantine");
    expect(status).toBe(1);
  });

  it("ends with 1 and the service's reason when nothing is taken", async () => {
    const { stdout, stderr, status } = await send(["-", "--token", "bad"], row("a"));
    expect(stdout).toBe("0 sent, 0 quarantined, 1 failed\n");
    expect(stderr).toContain(
      "1 row not delivered: The service refused the token (403): invalid authentication token",
    );
    expect(status).toBe(1);
  });

  it("delivers what it has read when Ctrl-C comes, and ends with 130", async () => {
    const child = start(["-"]);
    child.stdin.write(`${row("a")}\n`);
    while (rows.length === 0) await once(service, "request").then(() => new Promise(setImmediate));
    child.kill("SIGINT");
    const [stdout, [status]] = await Promise.all([text(child.stdout), once(child, "close")]);
    expect(stdout).toBe("1 sent, 0 quarantined, 0 failed\n");
    expect(status).toBe(130);
  });
});
