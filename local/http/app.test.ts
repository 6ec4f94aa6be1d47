import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openChdb } from "../engine/chdb.ts";
import type { Engine } from "../engine/engine.ts";
import { Organization } from "../organization.ts";
import { createApp } from "./app.ts";
import { startTokens } from "./tokens.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tb-embedded-http-"));
const ORIGIN = "http://127.0.0.1:7181";
let engine: Engine;
let organization: Organization;
let app: (request: Request) => Promise<Response>;
let admin: string;

const EVENTS = `TOKEN tracker APPEND
TOKEN reader READ

SCHEMA >
    \`id\` String \`json:$.id\`,
    \`n\` Int32 \`json:$.n\`

ENGINE MergeTree
ENGINE_SORTING_KEY id
`;

const TOTALS = `TOKEN reader READ

NODE matching
SQL >
    %
    SELECT id, n
    FROM events
    WHERE n >= {{Int32(at_least, 0)}}

NODE totals
SQL >
    SELECT count() AS rows, sum(n) AS total
    FROM matching

TYPE endpoint
`;

beforeAll(async () => {
  engine = openChdb(join(dataDir, "clickhouse"));
  organization = await Organization.open({
    engine,
    dataDir,
    now: () => new Date("2026-01-02T03:04:05.678Z"),
  });
  app = createApp({ organization, origin: () => ORIGIN, log: () => undefined });
  admin = startTokens(organization).workspace_admin_token;
  expect(
    (await build({ "datasources/events.datasource": EVENTS, "endpoints/totals.pipe": TOTALS })).status,
  ).toBe(200);
});

afterAll(async () => {
  await organization.close();
  await engine.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function call(path: string, init: RequestInit & { token?: string | null } = {}): Promise<Response> {
  const { token = admin, ...rest } = init;
  const headers = new Headers(rest.headers);
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  return app(new Request(ORIGIN + path, { ...rest, headers }));
}

async function answer(path: string, init?: Parameters<typeof call>[1]) {
  const response = await call(path, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function build(files: Record<string, string>, token = admin): Promise<Response> {
  const body = new FormData();
  for (const [path, content] of Object.entries(files)) {
    body.append("data_project://", new File([content], path, { type: "text/plain" }), path);
  }
  return call("/v1/build", { method: "POST", body, token });
}

/** Sends rows and says how many there were before. */
async function post(rows: string, search = "&wait=true", init: RequestInit = {}) {
  return answer(`/v0/events?name=events${search}`, { method: "POST", body: rows, ...init });
}

async function tokenNamed(name: string): Promise<string> {
  const { body } = await answer(`/v0/tokens/${name}`);
  return String(body.token);
}

describe("an error", () => {
  it.each([
    ["for an unknown route", "/v0/nothing", {}, 404, /no route/],
    ["for a wrong method", "/v0/events", { method: "DELETE" }, 405, /POST/],
    ["without a token", "/v0/datasources", { token: null }, 403, /no authentication token/],
    ["with a wrong token", "/v0/datasources", { token: "p.wrong" }, 403, /invalid authentication token/],
    ["for an unknown data source", "/v0/datasources/nobody", {}, 404, /"nobody" does not exist/],
    [
      "for events of an unknown data source",
      "/v0/events?name=nobody",
      { method: "POST", body: "{}" },
      403,
      /"nobody"/,
    ],
    ["for events without a name", "/v0/events", { method: "POST", body: "{}" }, 400, /'name' is missing/],
    ["for an unknown pipe", "/v0/pipes/nobody", {}, 404, /'nobody' not found/],
    ["for an unknown endpoint", "/v0/pipes/nobody.json", {}, 404, /'nobody' does not exist/],
    ["for an unknown format", "/v0/pipes/totals.xml", {}, 404, /json, ndjson, csv, parquet/],
    ["for a parameter of the wrong type", "/v0/pipes/totals.json?at_least=x", {}, 400, /'x' to type Int32/],
    ["for an unknown job", "/v0/jobs/nobody", {}, 404, /'nobody' not found/],
    ["for SQL that reads an unknown table", "/v0/sql?q=SELECT+1+FROM+nobody", {}, 400, /'nobody' not found/],
    ["for SQL that is none", "/v0/sql?q=SELEKT+1", {}, 400, /./],
    ["for SQL that ClickHouse refuses", "/v0/sql?q=SELECT+missing+FROM+events", {}, 400, /missing/],
    ["for SQL that writes", "/v0/sql?q=DROP+TABLE+events", {}, 400, /./],
    ["for SQL that reads a file", "/v0/sql?q=SELECT+*+FROM+file('/etc/passwd')", {}, 403, /file/],
    ["for an unknown token", "/v0/tokens/nobody", {}, 403, /permissions/],
    [
      "for a broken gzip body",
      "/v0/events?name=events",
      { method: "POST", body: "x", headers: { "content-encoding": "gzip" } },
      400,
      /gzip/,
    ],
    [
      "for an unknown encoding",
      "/v0/events?name=events",
      { method: "POST", body: "x", headers: { "content-encoding": "br" } },
      400,
      /'br'/,
    ],
    [
      "for a broken JSON body",
      "/v0/pipes/totals.json",
      { method: "POST", body: "{", headers: { "content-type": "application/json" } },
      400,
      /JSON/,
    ],
    ["for a build that is no form", "/v1/build", { method: "POST", body: "x" }, 400, /multipart/],
  ])("%s is JSON with its sentence", async (_, path, init, status, sentence) => {
    const { status: came, body } = await answer(path, init);
    expect({ status: came, error: body.error }).toEqual({ status, error: expect.stringMatching(sentence) });
  });

  it("never holds the token that was sent", async () => {
    const { body } = await answer("/v0/datasources", { token: "p.a-secret-thing" });
    expect(JSON.stringify(body)).not.toContain("a-secret-thing");
  });

  it("speaks of data sources by their names, not by their tables", async () => {
    const { body } = await answer("/v0/sql?q=SELECT+missing+FROM+events");
    expect(body.error).not.toMatch(/[tw]_[0-9a-f]{16}/);
  });
});

describe("events", () => {
  it.each([
    ["two lines", '{"id":"a","n":1}\n{"id":"b","n":2}\n', 2],
    ["a last line without its end", '{"id":"a","n":1}\n{"id":"b","n":2}', 2],
    ["one pretty object", '{\n  "id": "a",\n  "n": 1\n}', 1],
    ["nothing", "", 0],
  ])("of %s are counted", async (_, rows, successful) => {
    expect(await post(rows)).toEqual({
      status: 200,
      body: { successful_rows: successful, quarantined_rows: 0 },
    });
  });

  it("that do not fit are quarantined, and the call is fine", async () => {
    expect(await post('{"id":"a","n":"many"}\nnot json\n{"id":"b","n":2}')).toEqual({
      status: 200,
      body: { successful_rows: 1, quarantined_rows: 2 },
    });
  });

  it("are accepted with 202 when nobody waits", async () => {
    expect((await post('{"id":"a","n":1}', "")).status).toBe(202);
  });

  it("are read from gzip", async () => {
    const body = gzipSync('{"id":"a","n":1}\n{"id":"b","n":2}');
    const { body: counts } = await post("", "&wait=true", { body, headers: { "content-encoding": "gzip" } });
    expect(counts).toEqual({ successful_rows: 2, quarantined_rows: 0 });
  });

  it("are not form-decoded under the type that curl sends", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const { body } = await post('{"id":"a+b%20c","n":1}', "&wait=true", { headers });
    expect(body).toEqual({ successful_rows: 1, quarantined_rows: 0 });
    const { body: found } = await answer(
      "/v0/sql?q=SELECT+count()+AS+n+FROM+events+WHERE+id='a%2Bb%2520c'+FORMAT+JSON",
    );
    expect(found.data).toEqual([{ n: 1 }]);
  });

  it("over the limit are refused as a whole", async () => {
    const big = `{"id":"${"x".repeat(10_000_001)}","n":1}`;
    expect((await post(big)).status).toBe(413);
  });

  it("over the limit after decompression are refused", async () => {
    const body = gzipSync(Buffer.alloc(20_000_000, 0x20));
    expect((await post("", "", { body, headers: { "content-encoding": "gzip" } })).status).toBe(413);
  });
});

describe("an endpoint", () => {
  beforeAll(async () => {
    await call("/v0/datasources/events/truncate", { method: "POST" });
    await post('{"id":"a","n":1}\n{"id":"b","n":20}');
  });

  it.each([
    ["json", /^\{\n\t"meta"/],
    ["ndjson", /^\{"rows":2,"total":21\}\n$/],
    ["csv", /^"rows","total"\n2,21\n$/],
    ["parquet", /^PAR1/],
  ])("answers .%s", async (suffix, text) => {
    const response = await call(`/v0/pipes/totals.${suffix}`);
    expect({ status: response.status, text: await response.text() }).toEqual({
      status: 200,
      text: expect.stringMatching(text),
    });
  });

  it.each([
    ["the query", "/v0/pipes/totals.json?at_least=10", {}],
    ["a form", "/v0/pipes/totals.json", { method: "POST", body: new URLSearchParams({ at_least: "10" }) }],
    [
      "a JSON body",
      "/v0/pipes/totals.json",
      { method: "POST", body: '{"at_least":10}', headers: { "content-type": "application/json" } },
    ],
  ])("takes a parameter from %s", async (_, path, init) => {
    expect((await answer(path, init)).body.data).toEqual([{ rows: 1, total: 20 }]);
  });

  it("is read by SQL under its name", async () => {
    const { body } = await answer("/v0/sql?q=SELECT+total%2B1+AS+more+FROM+totals+FORMAT+JSON");
    expect(body.data).toEqual([{ more: 22 }]);
  });

  it("stands behind _ when SQL names its pipe", async () => {
    const { body } = await answer("/v0/sql?pipeline=totals&at_least=10&q=SELECT+*+FROM+_+FORMAT+JSON");
    expect(body.data).toEqual([{ rows: 1, total: 20 }]);
  });

  it("describes its nodes so that the output node can be told", async () => {
    const { body } = await answer("/v0/pipes/totals");
    expect(body.nodes).toMatchObject([
      { name: "matching", node_type: "standard" },
      { name: "totals", node_type: "endpoint" },
    ]);
  });
});

describe("SQL", () => {
  it.each([
    ["a GET without FORMAT as tab-separated text", "/v0/sql?q=SELECT+1+AS+a,+'x'+AS+b", {}, /^1\tx\n$/],
    ["a GET with FORMAT in that format", "/v0/sql?q=SELECT+1+AS+a+FORMAT+CSVWithNames", {}, /^"a"\n1\n$/],
    ["a POST of plain text as JSON", "/v0/sql", { method: "POST", body: "SELECT 1 AS a" }, /"a": 1/],
    [
      "a POST of a form as JSON",
      "/v0/sql",
      { method: "POST", body: new URLSearchParams({ q: "SELECT 1 AS a" }) },
      /"a": 1/,
    ],
  ])("answers %s", async (_, path, init, text) => {
    expect(await (await call(path, init)).text()).toMatch(text);
  });
});

describe("a build", () => {
  it("without a change is a success with no names", async () => {
    const response = await build({
      "datasources/events.datasource": EVENTS,
      "endpoints/totals.pipe": TOTALS,
    });
    expect(await response.json()).toMatchObject({
      result: "success",
      build: {
        new_datasource_names: [],
        changed_datasource_names: [],
        deleted_datasource_names: [],
        new_pipe_names: [],
      },
    });
  });

  it("that fails names file and line of every problem and changes nothing", async () => {
    const response = await build({
      "datasources/events.datasource": "SCHEMA >\n    `id` Strin `json:$.id`\n",
      "endpoints/totals.pipe": TOTALS.replace("SQL >", "SQLL >"),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      result: "failed",
      errors: [
        { filename: "datasources/events.datasource", error: expect.stringMatching(/line 2/) },
        { filename: "endpoints/totals.pipe", error: expect.stringMatching(/line/) },
      ],
    });
    expect((await call("/v0/pipes/totals.json")).status).toBe(200);
  });

  it("with SQL that ClickHouse refuses leaves what was served", async () => {
    const response = await build({
      "datasources/events.datasource": EVENTS.replace("`n` Int32", "`n` Int64"),
      "endpoints/totals.pipe": TOTALS.replace("sum(n)", "sum(m)"),
    });
    expect(response.status).toBe(400);
    const { body } = await answer("/v0/datasources/events");
    expect(body.statistics).toMatchObject({ row_count: 2 });
  });

  it("keeps the rows of a data source whose table is the same", async () => {
    await build({
      "datasources/events.datasource": `DESCRIPTION >\n    Seen\n\n${EVENTS}`,
      "endpoints/totals.pipe": TOTALS,
    });
    const { body } = await answer("/v0/datasources/events");
    expect(body).toMatchObject({ description: "Seen", statistics: { row_count: 2 } });
  });
});

describe("a token", () => {
  it.each([
    ["tracker", "POST", "/v0/events?name=events", 202],
    ["tracker", "GET", "/v0/pipes/totals.json", 403],
    ["tracker", "GET", "/v0/sql?q=SELECT+1+FROM+events", 403],
    ["reader", "GET", "/v0/pipes/totals.json", 200],
    ["reader", "GET", "/v0/sql?q=SELECT+1+FROM+events", 200],
    ["reader", "GET", "/v0/sql?q=SELECT+1+FROM+events_quarantine", 200],
    ["reader", "POST", "/v0/events?name=events", 403],
    ["reader", "GET", "/v0/tokens", 403],
    ["reader", "POST", "/v1/build", 403],
  ])("%s on %s %s is answered with %i", async (name, method, path, status) => {
    const token = await tokenNamed(name);
    const body = method === "POST" ? '{"id":"t","n":1}' : undefined;
    expect((await call(path, { method, token, ...(body !== undefined && { body }) })).status).toBe(status);
  });

  it("works in the query as well, with an empty parameter before it", async () => {
    expect((await call(`/v0/pipes/totals.json?&token=${admin}`, { token: null })).status).toBe(200);
  });

  it("survives a build of the same TOKEN lines", async () => {
    const before = await tokenNamed("reader");
    await build({ "datasources/events.datasource": `${EVENTS}\n`, "endpoints/totals.pipe": TOTALS });
    expect(await tokenNamed("reader")).toBe(before);
  });

  it("of the start is not given to a web page", async () => {
    expect((await call("/tokens", { token: null, headers: { origin: "http://evil.example" } })).status).toBe(
      403,
    );
    expect((await call("/tokens", { token: null, headers: { host: "evil.example" } })).status).toBe(403);
    expect(Object.keys((await answer("/tokens", { token: null })).body)).toEqual([
      "user_token",
      "admin_token",
      "workspace_admin_token",
    ]);
  });
});

describe("a workspace", () => {
  it("is made, listed, isolated and deleted", async () => {
    const { user_token } = startTokens(organization);
    const made = await answer("/v1/workspaces?name=other", { method: "POST", token: user_token });
    const other = String(made.body.token);
    expect((await call("/v0/pipes/totals.json", { token: other })).status).toBe(404);
    const listed = await answer("/v1/user/workspaces/?with_organization=true", { token: user_token });
    expect(listed.body.workspaces).toMatchObject([{ name: "Tinybird_Local_Testing" }, { name: "other" }]);
    await call(`/v1/workspaces/${String(made.body.id)}`, { method: "DELETE", token: user_token });
    expect((await call("/v0/pipes", { token: other })).status).toBe(403);
  });
});

describe("an append", () => {
  it("is a job that has ended, with its counts", async () => {
    const { body } = await answer("/v1/datasources/events/append?format=ndjson", {
      method: "POST",
      body: '{"id":"x","n":1}\n{"id":"y","n":"?"}\n',
    });
    const job = await answer(`/v0/jobs/${String(body.id)}?debug=blocks,block_log`);
    expect(job.body).toMatchObject({
      status: "error",
      error: expect.stringContaining("1 row in quarantine"),
      blocks: [{ process_return: [{ lines: 1, quarantine: 1 }] }],
    });
  });
});

describe("secrets", () => {
  it("are told by name, never by value", async () => {
    const form = { method: "POST", body: new URLSearchParams({ name: "KEY", value: "hush" }) };
    expect((await call("/v0/variables/KEY")).status).toBe(404);
    await call("/v0/variables", form);
    const { status, body } = await answer("/v0/variables/KEY");
    expect({ status, name: body.name }).toEqual({ status: 200, name: "KEY" });
    expect(JSON.stringify(body)).not.toContain("hush");
  });
});
