import { beforeAll, describe, expect, it } from "vitest";
import { appForTests } from "../app.test-setup.ts";

const app = appForTests();
const { answer, build, call } = app;
let reader: string;
/** The ClickHouse database of another workspace, and the one that holds this one's tables. */
let foreign: string;
let own: string;

const POSTS = `TOKEN reader READ

SCHEMA >
    \`id\` UInt32 \`json:$.id\`,
    \`file\` String \`json:$.file\`,
    \`tags\` Array(String) \`json:$.tags[:]\`

ENGINE MergeTree
ENGINE_SORTING_KEY id
`;

const PRIVATE = `SCHEMA >
    \`word\` String \`json:$.word\`

ENGINE MergeTree
ENGINE_SORTING_KEY word
`;

const TOP = `TOKEN reader READ

NODE chosen
SQL >
    %
    SELECT id, file
    FROM posts
    WHERE id < {{Int32(below, 100)}}
      AND file != {{tb_secret('salt')}}

NODE ranked
SQL >
    SELECT * FROM chosen ORDER BY id

TYPE endpoint
`;

const CHOSEN_TABLE = `TOKEN reader READ

NODE counted
SQL >
    %
    SELECT count() AS n FROM {{table(from_table)}} WHERE {{column(by, 'id')}} > 0

TYPE endpoint
`;

/** What no answer may hold: a row of the other workspace, a line of the server's files, a secret. */
const SECRETS = ["hush-hush", "root:", "pepper-and-salt"];

beforeAll(async () => {
  own = app.organization.list()[0]?.record().database ?? "";
  const other = await app.organization.create("other");
  foreign = other.record().database;
  await build({ "hidden.datasource": PRIVATE }, other.adminToken);
  await send("hidden", { word: "hush-hush" }, other.adminToken);
  const salt = new URLSearchParams({ name: "salt", value: "pepper-and-salt" });
  await call("/v0/variables", { method: "POST", body: salt });
  await build({
    "posts.datasource": POSTS,
    "hidden.datasource": PRIVATE,
    "top.pipe": TOP,
    "chosen_table.pipe": CHOSEN_TABLE,
  });
  await send("posts", { id: 1, file: "/etc/passwd", tags: ["a"] });
  await send("hidden", { word: "hush-hush" });
  reader = await app.tokenNamed("reader");
});

async function send(name: string, row: unknown, token?: string): Promise<void> {
  const init = { method: "POST", body: JSON.stringify(row), ...(token !== undefined && { token }) };
  expect((await call(`/v0/events?name=${name}&wait=true`, init)).status).toBe(200);
}

async function sql(statement: string): Promise<{ status: number; text: string }> {
  const response = await call("/v0/sql", { method: "POST", body: statement });
  return { status: response.status, text: await response.text() };
}

/** Sends a statement by every door that takes one, and expects each to refuse it without a word too many. */
async function expectRefused(statement: string, token?: string): Promise<void> {
  const query = new URLSearchParams({ q: statement });
  const doors: [string, RequestInit][] = [
    ["/v0/sql", { method: "POST", body: statement }],
    ["/v0/sql", { method: "POST", body: query }],
    ["/v0/sql", { method: "POST", body: `%\n${statement}` }],
    [`/v0/sql?${query}`, {}],
    [`/v0/sql?${query}&pipeline=top`, {}],
    [`/v0/pipes/top.json?${query}`, {}],
  ];
  for (const [path, init] of doors) {
    const response = await call(path, { ...init, ...(token !== undefined && { token }) });
    const text = await response.text();
    expect([400, 403], `${path} answered ${response.status}: ${text}`).toContain(response.status);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    expect(JSON.parse(text)).toMatchObject({ error: expect.any(String) });
  }
}

describe("a SELECT over one's own workspace", () => {
  it.each([
    ["a data source", "SELECT id FROM posts", [{ id: 1 }]],
    ["a pipe", "SELECT id FROM top", [{ id: 1 }]],
    ["a quarantine", "SELECT count() AS n FROM posts_quarantine", [{ n: 0 }]],
    ["a column behind IN", "SELECT 'a' IN tags AS found FROM posts", [{ found: 1 }]],
    ["a column with the name of a function", "SELECT length(file) AS n FROM posts", [{ n: 11 }]],
    ["numbers", "SELECT number FROM numbers(2)", [{ number: 0 }, { number: 1 }]],
    ["a template", "%\nSELECT {{Int32(n, 3)}} AS n", [{ n: 3 }]],
  ])("reads %s", async (_, statement, data) => {
    const { status, text } = await sql(statement);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ data });
  });

  it("reads an endpoint's rows through q=, with its parameters", async () => {
    const response = await call(
      `/v0/pipes/top.json?below=1&${new URLSearchParams({ q: "SELECT count() AS n FROM _" })}`,
      { token: reader },
    );
    expect(await response.json()).toMatchObject({ data: [{ n: 0 }] });
  });
});

describe("a statement that reaches beyond the workspace is refused by every door", () => {
  it.each([
    "SELECT * FROM system.tables",
    "SELECT * FROM `system`.`tables`",
    'SELECT * FROM "system" . "one"',
    "SELECT * FROM \u201csystem\u201d.\u201cone\u201d",
    "SELECT * FROM system/**/./**/one",
    "SELECT * FROM s\\x79stem.one",
    "SELECT * FROM `s\\x79stem`.one",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM INFORMATION_SCHEMA.TABLES",
    "SELECT 0 IN system.one",
    "SELECT in(0, system.one)",
    "SELECT 1 FROM posts WHERE id IN (system.one)",
    "SELECT arrayExists(x -> x IN system.one, [0])",
    "SELECT sum(id) OVER (ORDER BY from IN system.one) FROM (SELECT 1 AS id, 0 AS from)",
    "WITH select AS (SELECT 1 AS x) SELECT * FROM (select JOIN system.one ON 1)",
    "WITH system AS (SELECT 1) SELECT * FROM system.one",
    "SELECT * FROM posts, system.one",
    "SELECT * FROM posts JOIN system.one ON 1",
    "SELECT (SELECT name FROM system.databases LIMIT 1)",
    "SELECT id FROM posts UNION ALL SELECT * FROM system.one",
    "SELECT * FROM view(SELECT * FROM system.one)",
    "SELECT * FROM one",
    "SELECT * FROM default.posts",
    "SELECT * FROM tinybird.nothing_of_that_name",
    "DESCRIBE TABLE system.one",
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT file('/etc/passwd')",
    "SELECT `fil\\x65`('/etc/passwd')",
    "SELECT * APPLY file FROM (SELECT file FROM posts)",
    "SELECT * APPLY(file) FROM (SELECT file FROM posts)",
    "SELECT arrayMap(file, ['/etc/passwd'])",
    "SELECT arrayMap((file), ['/etc/passwd'])",
    "SELECT arrayMap(lambda(tuple(x), file(x)), ['/etc/passwd'])",
    "SELECT * REPLACE (file(file) AS file) FROM posts",
    "SELECT * FROM url('http://127.0.0.1:9/', 'CSV')",
    "SELECT * FROM s3('http://127.0.0.1:9/b/k', 'CSV')",
    "SELECT * FROM remote('127.0.0.1:9', 'system', 'one')",
    "SELECT * FROM remoteSecure('127.0.0.1:9', 'system.one')",
    "SELECT * FROM executable('cat /etc/passwd', 'LineAsString', 'l String')",
    "SELECT * FROM merge('system', 'one')",
    "SELECT * FROM merge(REGEXP('.*'), '.*')",
    "SELECT * FROM cluster('default', system.one)",
    "SELECT * FROM clusterAllReplicas('default', system.one)",
    "SELECT * FROM dictionary('d')",
    "SELECT * FROM mysql('127.0.0.1:9', 'd', 't', 'u', 'p')",
    "SELECT * FROM postgresql('127.0.0.1:9', 'd', 't', 'u', 'p')",
    "SELECT * FROM sqlite('/tmp/x.db', 't')",
    "SELECT * FROM hdfs('hdfs://127.0.0.1:9/x', 'CSV')",
    "SELECT * FROM azureBlobStorage('a', 'b', 'c')",
    "SELECT * FROM input('x UInt8')",
    "SELECT * FROM loop(system.one)",
    "SELECT * FROM viewExplain('EXPLAIN', '', (SELECT 1))",
    "SELECT * FROM (EXPLAIN SELECT 1)",
    "SELECT * FROM icebergLocal('/tmp')",
    "SELECT dictGet('d', 'a', 1)",
    "SELECT joinGet('system.one', 'dummy', 0)",
    "SELECT joinGet(concat('system', '.one'), 'dummy', 0)",
    "SELECT hasColumnInTable('system', 'one', 'dummy')",
    "SELECT getSetting('max_execution_time'), getServerSetting('max_server_memory_usage')",
    "SELECT hostName(), currentDatabase(), currentUser()",
    "SELECT sleep(3)",
    "SELECT 1 SETTINGS max_execution_time = 0",
    "SELECT * FROM (SELECT 1 SETTINGS max_execution_time = 0)",
    "SELECT 1 FORMAT JSON SETTINGS max_execution_time = 0",
    "SELECT 1 INTO OUTFILE '/tmp/tb-embedded-outfile.csv'",
    "SELECT 1 INTO OUTFILE '/tmp/tb-embedded-outfile.csv' TRUNCATE FORMAT CSV",
    "SELECT 1 FORMAT MySQLWire",
    "SELECT 1 FORMAT PostgreSQLWire",
    "SELECT 1; DROP TABLE posts",
    "SELECT 1 PARALLEL WITH SELECT 2",
    "EXPLAIN SELECT 1",
    "SHOW DATABASES",
    "SHOW CREATE TABLE posts",
    "KILL QUERY WHERE 1 SYNC",
    "SET max_execution_time = 0",
    "USE system",
    "CREATE TABLE t (x UInt8) ENGINE = Memory",
    "CREATE FUNCTION f AS (x) -> file(x)",
    "INSERT INTO posts SELECT 2, '', []",
    "ALTER TABLE posts DELETE WHERE 1",
    "TRUNCATE TABLE posts",
    "SYSTEM SHUTDOWN",
    "ATTACH TABLE t",
    "BACKUP TABLE posts TO File('x')",
    "SELECT * FROM {t: Identifier}",
    "SELECT {salt: String}",
    "SELECT '\u2018' FROM system.one",
    "SELECT $x$ FROM $x$ FROM system.one",
    "SELECT 1 -- FROM posts\nFROM system.one",
    "SELECT 1 /* /* */ */ FROM system.one",
  ])("%s", async (statement) => {
    await expectRefused(statement);
  });

  it("names another workspace's tables, or its own by their place", async () => {
    const tables = await app.engine.query(
      `SELECT database, name FROM system.tables WHERE database IN ('${foreign}', '${own}')`,
      { format: "TSV" },
    );
    const places = new TextDecoder()
      .decode(tables.bytes)
      .trim()
      .split("\n")
      .map((line) => line.replace("\t", "."));
    expect(places.length).toBeGreaterThan(3);
    for (const place of places) {
      await expectRefused(`SELECT * FROM ${place}`);
      await expectRefused(`SELECT 'hush-hush' IN ${place}`);
      await expectRefused(`SELECT * FROM merge('${place.split(".")[0]}', '.*')`);
    }
  });
});

describe("a token that may read some resources", () => {
  it.each([
    "SELECT * FROM hidden",
    "SELECT * FROM hidden_quarantine",
    "SELECT 'hush-hush' IN hidden",
    "SELECT id FROM posts WHERE file IN (SELECT word FROM hidden)",
    "WITH x AS (SELECT * FROM hidden) SELECT * FROM x",
    "SELECT * FROM tinybird.pipe_stats",
  ])("does not read another by %s", async (statement) => {
    await expectRefused(statement, reader);
  });

  it("does not read another pipe as _", async () => {
    const scope = "/v0/tokens/?name=only_posts&scope=DATASOURCES:READ:posts";
    const { body } = await answer(scope, { method: "POST" });
    const search = new URLSearchParams({
      q: "SELECT * FROM _",
      pipeline: "chosen_table",
      from_table: "hidden",
    });
    const response = await call(`/v0/sql?${search}`, { token: String(body.token) });
    expect(response.status).toBe(403);
  });

  it("does not learn a secret by a template of its own", async () => {
    await expectRefused("SELECT {{tb_secret('salt')}}", reader);
    const { status, text } = await sql("%\nSELECT {{tb_secret('salt')}} AS salt");
    expect([status, text]).toEqual([400, expect.stringContaining("Cannot access secret 'salt'")]);
  });
});

describe("a value of a request", () => {
  it.each([
    "system.one",
    "posts, system.one",
    "posts; SELECT 1",
    "file('/etc/passwd', 'LineAsString')",
    "posts WHERE 1 UNION ALL SELECT count() FROM system.one --",
    "posts SETTINGS max_execution_time = 0 --",
    "(SELECT * FROM system.one)",
    "nothing",
  ])("that becomes a table is held to the same gate: %s", async (table) => {
    const response = await call(`/v0/pipes/chosen_table.json?${new URLSearchParams({ from_table: table })}`, {
      token: reader,
    });
    expect([400, 403]).toContain(response.status);
  });

  it("that becomes a column stays one", async () => {
    const search = new URLSearchParams({ from_table: "posts", by: "id` > 0 OR file('/etc/passwd') != '" });
    const response = await call(`/v0/pipes/chosen_table.json?${search}`, { token: reader });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain("root:");
  });
});

it("does not tell a secret when ClickHouse cannot use it", async () => {
  await build({
    "posts.datasource": POSTS,
    "hidden.datasource": PRIVATE,
    "cast.pipe":
      "NODE a\nSQL >\n    %\n    SELECT toUInt8(concat({{tb_secret('salt')}}, toString(id))) AS n FROM posts\nTYPE endpoint\n",
  });
  const response = await call("/v0/pipes/cast.json");
  const text = await response.text();
  expect([response.status, text]).toEqual([400, expect.stringContaining("Cannot parse string")]);
  expect(text).not.toContain("pepper");
});
