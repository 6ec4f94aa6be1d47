import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LocalOptions, type LocalServer, startLocal } from "./start.ts";

const EVENTS = `SCHEMA >
    \`id\` String \`json:$.id\`

ENGINE MergeTree
ENGINE_SORTING_KEY id
`;

let folder: string;
let project: string;
let dataDir: string;
const servers: LocalServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tb-embedded-start-"));
  dataDir = join(folder, "data");
  project = mkdtempSync(join(folder, "project-"));
  writeFileSync(join(project, "events.datasource"), EVENTS);
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: LocalOptions = {}): Promise<LocalServer> {
  const server = await startLocal({ port: 0, dataDir, project, warn: () => undefined, ...options });
  servers.push(server);
  return server;
}

function call(server: LocalServer, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${server.tokens.workspace_admin_token}` };
  return fetch(server.url + path, { ...init, headers });
}

async function sql(server: LocalServer, q: string): Promise<string> {
  return (await call(server, `/v0/sql?q=${encodeURIComponent(q)}`)).text();
}

const post = (server: LocalServer, id: string, search = "") =>
  call(server, `/v0/events?name=events${search}`, { method: "POST", body: JSON.stringify({ id }) });

describe("a data directory", () => {
  it("keeps rows, tokens and the project from one start to the next", async () => {
    const first = await start();
    await post(first, "a");
    await first.close();
    const second = await start();
    expect(second.tokens).toEqual(first.tokens);
    expect(await sql(second, "SELECT id FROM events")).toBe("a\n");
  });

  it("does not build again the files that it has", async () => {
    await (await start()).close();
    const none = { added: [], changed: [], deleted: [] };
    expect((await start()).built).toEqual({ datasources: none, pipes: none, connections: none });
  });

  it("has one owner: a second start names the process", async () => {
    await start();
    await expect(start()).rejects.toMatchObject({
      code: "DATA_DIR_OWNED",
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it("is taken over when its owner is gone", async () => {
    await (await start()).close();
    // No process has this number: it is above what the system gives.
    writeFileSync(join(dataDir, "server.lock"), "4194305");
    expect((await start()).port).toBeGreaterThan(0);
  });

  it("of an older version is refused with words", async () => {
    await (await start()).close();
    const path = join(dataDir, "catalog.json");
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), version: 0 }));
    await expect(start()).rejects.toThrow(/is of version 0; this server reads version 1/);
  });

  it("with a broken catalog is refused with its path", async () => {
    await (await start()).close();
    writeFileSync(join(dataDir, "catalog.json"), "{");
    await expect(start()).rejects.toThrow(/catalog\.json cannot be read/);
  });

  it("that is a file is refused with words", async () => {
    writeFileSync(dataDir, "");
    await expect(start()).rejects.toMatchObject({ code: "DATA_DIR" });
  });

  it("shows its tokens to its owner only", async () => {
    await start();
    expect(statSync(join(dataDir, "catalog.json")).mode & 0o777).toBe(0o600);
  });

  it("is given free by a start that fails", async () => {
    writeFileSync(join(project, "broken.pipe"), "NODE x\nSQL >\n    SELECT 1 FROM nowhere\n");
    await expect(start()).rejects.toMatchObject({ code: "BUILD_FAILED" });
    rmSync(join(project, "broken.pipe"));
    expect((await start()).port).toBeGreaterThan(0);
  });
});

describe("the Events API", () => {
  it("tells its limit, and refuses more with the time to come back", async () => {
    const server = await start({ rateLimit: 2 });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => post(server, String(i))));
    const statuses = answers.map((answer) => answer.status);
    expect(new Set(statuses)).toEqual(new Set([202, 429]));
    const refused = answers[statuses.indexOf(429)];
    expect(refused?.headers.get("x-ratelimit-limit")).toBe("2");
    expect(refused?.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(refused?.headers.get("retry-after")).toBe("1");
    await Promise.all(answers.map((answer) => answer.text()));
  });

  it("goes on while the engine starts again, and every row is there in the end", async () => {
    const server = await start();
    process.kill(server.enginePid() ?? 0, "SIGKILL");
    expect((await post(server, "a")).status).toBe(202);
    expect((await post(server, "b", "&wait=true")).status).toBe(200);
    expect(await sql(server, "SELECT id FROM events ORDER BY id")).toBe("a\nb\n");
  });

  it("a query in flight when the engine ends is answered with 503 and the time to come back", async () => {
    const server = await start();
    const slow = call(server, "/v0/sql?q=SELECT+count()+FROM+numbers(1000000000000)+WHERE+sin(number)>2");
    for (let n = 0; n < 1; ) {
      const text = await (await call(server, "/metrics")).text();
      n = /nodejs_active_requests_total (\d+)/.test(text) ? 1 : 0;
    }
    process.kill(server.enginePid() ?? 0, "SIGKILL");
    const answer = await slow;
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
  });
});

it("a query whose client goes away is ended", async () => {
  const lines: string[] = [];
  const server = await start({ requestLog: (line) => lines.push(line) });
  const gone = new AbortController();
  const slow = call(server, "/v0/sql?q=SELECT+count()+FROM+numbers(1000000000000)+WHERE+sin(number)>2", {
    signal: gone.signal,
  });
  // The answer to another call shows that the slow one has arrived.
  await sql(server, "SELECT 1");
  gone.abort();
  await expect(slow).rejects.toThrow();
  while (!lines.some((line) => line.includes("cancelled"))) await sql(server, "SELECT 1");
});

describe("figures", () => {
  it("/metrics counts requests and rows", async () => {
    const server = await start();
    await post(server, "a", "&wait=true");
    const text = await (await call(server, "/metrics")).text();
    expect(text).toMatch(
      /tb_embedded_request_duration_seconds_count\{.*route="\/v0\/events",status="200"\} 1/,
    );
    expect(text).toMatch(/tb_embedded_rows_total\{.*datasource="events",outcome="written"\} 1/);
  });

  it("the request log is JSON lines with an id and without tokens", async () => {
    const lines: string[] = [];
    const server = await start({ requestLog: (line) => lines.push(line) });
    const token = server.tokens.workspace_admin_token;
    const answer = await fetch(`${server.url}/v0/sql?q=SELECT+1&token=${token}`);
    await answer.text();
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ request_id: answer.headers.get("x-request-id"), status: 200, method: "GET" }),
    );
    expect(lines.join("")).not.toContain(token);
  });

  it("of queries, errors and changes of rows are read as tinybird.NAME", async () => {
    const server = await start();
    await post(server, "a", "&wait=true");
    await sql(server, "SELECT nothing FROM events");
    const expected: [string, RegExp][] = [
      ["SELECT pipe_name, status_code FROM tinybird.pipe_stats_rt", /query_api\t400/],
      ["SELECT pipe_name, status_code FROM tinybird.endpoint_errors", /query_api\t400/],
      ["SELECT event_type, rows FROM tinybird.datasources_ops_log", /append-hfi\t1/],
      ["SELECT pipe_name, view_count > 0 FROM tinybird.pipe_stats", /query_api\t1/],
      ["SELECT datasource_name, rows FROM tinybird.datasources_storage", /events\t1/],
    ];
    for (const [statement, rows] of expected) {
      let text = "";
      while (!rows.test(text)) text = await sql(server, statement);
      expect(text).toMatch(rows);
    }
  });
});

it("a second close is fine, and the temporary folder is gone", async () => {
  const server = await startLocal({ port: 0 });
  await Promise.all([server.close(), server.close()]);
  await expect(fetch(server.url)).rejects.toThrow();
});
