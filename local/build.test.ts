import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type BuildContext, type BuildOutcome, build, catalogOf, newName, type Served } from "./build.ts";
import { rowsOf } from "./engine/engine.ts";
import { engineForTests } from "./engine.test-setup.ts";
import { EMPTY_PROJECT } from "./plan/project.ts";
import { selectOfPipe } from "./plan/select.ts";

const engine = engineForTests();
const NOTHING: Served = { project: EMPTY_PROJECT, datasources: {}, pipes: {} };
const NOW = new Date("2026-01-02T03:04:05.678Z");
let context: BuildContext;

beforeAll(async () => {
  // The first statement loads the engine.
  await engine.query("SELECT 1");
});

beforeEach(async () => {
  const database = newName("w");
  await engine.command(`CREATE DATABASE ${database}`);
  context = { engine, database, secrets: new Map(), now: NOW, rows: "leave" as const };
});

const POSTS = `SCHEMA >
    \`id\` UInt64 \`json:$.id\`,
    \`network\` LowCardinality(String) \`json:$.network\`,
    \`tags\` Array(String) \`json:$.tags[:]\`

ENGINE MergeTree
ENGINE_SORTING_KEY id
`;

/** A pipe of nodes given as `name: SQL`; the last one has the type. */
function pipe(nodes: Record<string, string>, type = "TYPE endpoint"): string {
  const blocks = Object.entries(nodes).map(
    ([name, sql]) => `NODE ${name}\nSQL >\n    ${sql.replaceAll("\n", "\n    ")}\n`,
  );
  return `${blocks.join("\n")}${type}\n`;
}

function table(columns: string, engineName = "MergeTree"): string {
  return `SCHEMA >\n    ${columns}\n\nENGINE ${engineName}\nENGINE_SORTING_KEY tuple()\n`;
}

function run(files: Record<string, string>, current = NOTHING): Promise<BuildOutcome> {
  const sources = Object.entries(files).map(([path, content]) => ({ path, content }));
  return build(sources, current, context);
}

/** What a build complains about, as `file:line: message`. */
async function problems(files: Record<string, string>): Promise<string[]> {
  const outcome = await run(files);
  if (outcome.ok) return [];
  return outcome.problems.map(
    ({ path, line, message }) => `${path}${line === null ? "" : `:${line}`}: ${message}`,
  );
}

async function served(files: Record<string, string>, current?: Served): Promise<Served> {
  const outcome = await run(files, current);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.served;
}

/** The rows that a pipe answers. */
async function rows(project: Served, name: string, params: Record<string, unknown> = {}): Promise<unknown[]> {
  const found = project.project.pipes.get(name);
  if (found === undefined) throw new Error(`no pipe ${name}`);
  const request = { params, secrets: new Set(context.secrets.keys()) };
  return rowsOf(
    await engine.query(
      selectOfPipe(found, request, catalogOf(project, context.database, context.secrets)).sql,
    ),
  );
}

describe("a pipe", () => {
  it("reads pipes that read pipes, and its parameters reach the innermost", async () => {
    const project = await served({
      "posts.datasource": POSTS,
      "inner.pipe": pipe({ a: "%\nSELECT number AS n FROM numbers(10) WHERE n < {{Int32(below, 10)}}" }, ""),
      "middle.pipe": pipe({ b: "SELECT n FROM inner", c: "SELECT n * 2 AS n FROM b" }, ""),
      "outer.pipe": pipe({ d: "SELECT sum(middle.n) AS total FROM middle" }),
    });
    expect(await rows(project, "outer", { below: "3" })).toEqual([{ total: 6 }]);
  });

  it("reads a column behind IN where there is no table of that name", async () => {
    const project = await served({
      "posts.datasource": POSTS,
      "top.pipe": pipe({ a: "SELECT count() AS n FROM posts WHERE network IN tags" }),
    });
    expect(await rows(project, "top")).toEqual([{ n: 0 }]);
  });

  it("reads a table that only the request names", async () => {
    const project = await served({
      "posts.datasource": POSTS,
      "any.pipe": pipe({ a: "%\nSELECT count() AS n FROM {{table(t)}}", b: "SELECT n + 1 AS n FROM a" }),
    });
    expect(await rows(project, "any", { t: "posts" })).toEqual([{ n: 1 }]);
  });

  it("reads the quarantine of a data source", async () => {
    const project = await served({
      "posts.datasource": POSTS,
      "bad.pipe": pipe({ a: "SELECT count() AS n FROM posts_quarantine" }),
    });
    expect(await rows(project, "bad")).toEqual([{ n: 0 }]);
  });

  it("reads a secret by its value, however it is quoted", async () => {
    context = { ...context, secrets: new Map([["salt", "it's \\ a `secret` {salt: String}"]]) };
    const project = await served({
      "salted.pipe": pipe({
        a: "%\nSELECT {{tb_secret('salt')}} AS value, '{salt: String}' AS text -- {salt: String}",
      }),
    });
    expect(await rows(project, "salted")).toEqual([
      { value: "it's \\ a `secret` {salt: String}", text: "{salt: String}" },
    ]);
  });
});

describe("a secret", () => {
  it("that the workspace lacks is named with its file and line", async () => {
    expect(await problems({ "a.pipe": pipe({ a: "%\nSELECT {{tb_secret('salt')}} AS x" }) })).toEqual([
      expect.stringMatching(/^a\.pipe:1: node 'a': Template Syntax Error: Cannot access secret 'salt'\./),
    ]);
  });

  it("is not in the text of a problem", async () => {
    context = { ...context, secrets: new Map([["salt", "hunter2-hunter2"]]) };
    const [problem] = await problems({
      "a.pipe": pipe({ a: "%\nSELECT toUInt8({{tb_secret('salt')}}) + nothing AS x" }),
    });
    expect(problem).toContain("a.pipe:1");
    expect(problem).not.toContain("hunter2");
  });
});

describe("the problems of a project", () => {
  it("are told together, in the order of files and lines", async () => {
    expect(
      await problems({
        "posts.datasource": POSTS,
        "broken.datasource": "SCHEMA >\n    `id` Nonsense\n",
        "a.pipe": pipe({
          one: "SELECT id\nFROM posts\nWHERE",
          two: "SELECT * FROM nowhere",
          three: "SELECT 1",
        }),
        "b.pipe": pipe({ one: "SELECT * FROM broken", two: "SELECT * FROM a" }),
        "c.pipe": pipe({ one: "SELECT id,\n  missing\nFROM posts" }),
      }),
    ).toEqual([
      expect.stringMatching(/^broken\.datasource:2: /),
      expect.stringMatching(/^a\.pipe:\d: node 'one': Syntax error/),
      "a.pipe:9: node 'two': 'nowhere' is no data source, pipe or node",
      expect.stringMatching(/^c\.pipe:4: .*missing.*FROM posts/),
    ]);
  });

  it.each([
    [
      "an unknown table",
      { "a.pipe": pipe({ a: "SELECT 1\n-- why\nFROM nowhere" }) },
      "a.pipe:5: node 'a': 'nowhere' is no data source, pipe or node",
    ],
    [
      "a name in another case",
      { "posts.datasource": POSTS, "a.pipe": pipe({ a: "SELECT 1 FROM Posts" }) },
      "a.pipe:3: node 'a': 'Posts' is no data source, pipe or node; is 'posts' meant?",
    ],
    [
      "another database",
      { "a.pipe": pipe({ a: "SELECT 1 FROM other.posts" }) },
      "a.pipe:3: node 'a': 'other.posts' is no data source, pipe or node",
    ],
    [
      "a service table that there is not",
      { "a.pipe": pipe({ a: "SELECT 1 FROM tinybird.nothing" }) },
      "a.pipe:3: node 'a': 'tinybird.nothing' is no data source, pipe or node",
    ],
    [
      "a refused function",
      { "a.pipe": pipe({ a: "SELECT\n  file('x')" }) },
      "a.pipe:4: node 'a': [Error] The function file is not allowed: it reads from outside the workspace, at line 2, column 3",
    ],
    [
      "a template without end",
      { "a.pipe": pipe({ a: "%\nSELECT 1\n{% if defined(x) %}" }) },
      "a.pipe:5: node 'a': Missing {% end %} block for if at line 3",
    ],
    [
      "a node with the name of a data source",
      { "posts.datasource": POSTS, "a.pipe": pipe({ posts: "SELECT 1 AS n" }) },
      "a.pipe:1: node 'posts' has the name of posts.datasource; a node needs a name of its own",
    ],
    [
      "a node with the name of another pipe",
      { "b.pipe": pipe({ x: "SELECT 1 AS n" }), "a.pipe": pipe({ b: "SELECT 1 AS n" }) },
      "a.pipe:1: node 'b' has the name of b.pipe; a node needs a name of its own",
    ],
    [
      "a target that there is not",
      { "a.pipe": pipe({ a: "SELECT 1 AS n" }, "TYPE materialized\nDATASOURCE totals") },
      "a.pipe:1: DATASOURCE 'totals' is not in the project",
    ],
    [
      "a target of a copy that there is not",
      { "a.pipe": pipe({ a: "SELECT 1 AS n" }, "TYPE copy\nTARGET_DATASOURCE totals") },
      "a.pipe:1: TARGET_DATASOURCE 'totals' is not in the project",
    ],
    [
      "one name twice",
      { "x/a.pipe": pipe({ n: "SELECT 1 AS n" }), "y/a.pipe": pipe({ n: "SELECT 1 AS n" }) },
      "y/a.pipe: 'a' is already the name of x/a.pipe",
    ],
    [
      "one node twice",
      { "a.pipe": "NODE n\nSQL >\n    SELECT 1\nNODE n\nSQL >\n    SELECT 2\n" },
      "a.pipe:4: node 'n' is defined twice",
    ],
  ])("tell of %s", async (_, files, problem) => {
    expect(await problems(files as Record<string, string>)).toEqual([problem]);
  });

  it.each([
    [
      "nodes",
      { "a.pipe": pipe({ x: "SELECT * FROM y", y: "SELECT * FROM x" }) },
      "a.pipe:1: reads itself in a circle: a.pipe (node x) → a.pipe (node y) → a.pipe (node x)",
    ],
    [
      "a pipe and itself",
      { "a.pipe": pipe({ x: "SELECT * FROM a" }) },
      "a.pipe:1: reads itself in a circle: a.pipe (node x) → a.pipe (node x)",
    ],
    [
      "pipes",
      {
        "a.pipe": pipe({ x: "SELECT * FROM b" }),
        "b.pipe": pipe({ y: "SELECT * FROM c" }),
        "c.pipe": pipe({ z: "SELECT * FROM a" }),
      },
      "a.pipe:1: reads itself in a circle: a.pipe (node x) → b.pipe (node y) → c.pipe (node z) → a.pipe (node x)",
    ],
    [
      "a view and its target",
      {
        "t.datasource": table("`n` UInt8"),
        "a.pipe": pipe({ x: "SELECT n FROM t" }, "TYPE materialized\nDATASOURCE t"),
      },
      "a.pipe:1: reads itself in a circle: t.datasource → a.pipe (node x) → t.datasource",
    ],
  ])("tell of a cycle of %s once, by file", async (_, files, problem) => {
    expect(await problems(files as Record<string, string>)).toEqual([problem]);
  });

  it.each([
    [
      "an engine that is not known",
      "`id` UInt8",
      "ENGINE Nonsense",
      "t.datasource:4: Engine Nonsense is not supported",
    ],
    [
      "a sorting key that is no column",
      "`id` UInt8",
      "ENGINE MergeTree\nENGINE_SORTING_KEY nothing",
      "t.datasource:5: Missing columns: 'nothing'",
    ],
    ["a default of another type", "`id` UInt8 DEFAULT 'x'", "ENGINE MergeTree", "t.datasource:2: "],
    ["a codec that does not fit", "`at` String CODEC(Delta(8))", "ENGINE MergeTree", "t.datasource:"],
  ])("tell of %s with its line", async (_, columns, engineLines, problem) => {
    const content = `SCHEMA >\n    ${columns}\n\n${engineLines}\n`;
    expect(await problems({ "t.datasource": content })).toEqual([expect.stringContaining(problem)]);
  });

  it("leave no table behind", async () => {
    await problems({ "posts.datasource": POSTS, "a.pipe": pipe({ a: "SELECT * FROM nowhere" }) });
    const tables = await engine.query(
      `SELECT name FROM system.tables WHERE database = '${context.database}'`,
    );
    expect(rowsOf(tables)).toEqual([]);
  });
});

describe("a materialized view", () => {
  const view = (sql: string) => pipe({ rolled: sql }, "TYPE materialized\nDATASOURCE totals");
  const project = (columns: string, sql: string) => ({
    "posts.datasource": POSTS,
    "totals.datasource": table(columns, "AggregatingMergeTree"),
    "totals_mv.pipe": view(sql),
  });

  it.each([
    [
      "another type",
      "`n` Int32",
      "SELECT count() AS n FROM posts",
      "column 'n' is UInt64, but Int32 in the target data source 'totals'",
    ],
    [
      "a state for a value",
      "`n` UInt64",
      "SELECT countState() AS n FROM posts",
      "column 'n' is AggregateFunction(count), but UInt64 in the target data source 'totals'",
    ],
    [
      "a value for a state",
      "`n` AggregateFunction(sum, UInt64)",
      "SELECT sum(id) AS n FROM posts",
      "column 'n' is UInt64, but AggregateFunction(sum, UInt64) in the target data source 'totals'",
    ],
    [
      "NULL where there can be none",
      "`n` String",
      "SELECT toNullable(network) AS n FROM posts",
      "column 'n' is LowCardinality(Nullable(String)), but String in the target data source 'totals'",
    ],
    [
      "a column that the target lacks",
      "`n` UInt64",
      "SELECT count() AS n, 1 AS extra FROM posts",
      "column 'extra' (UInt8) is not in the target data source 'totals'",
    ],
    [
      "a simple state of another type",
      "`n` SimpleAggregateFunction(max, String)",
      "SELECT max(id) AS n FROM posts",
      "column 'n' is UInt64, but SimpleAggregateFunction(max, String) in the target data source 'totals'",
    ],
  ])("with %s is a problem that names the column and both types", async (_, columns, sql, problem) => {
    expect(await problems(project(columns, sql))).toEqual([`totals_mv.pipe:1: ${problem}`]);
  });

  it.each([
    [
      "the same types",
      "`network` LowCardinality(String), `n` UInt64",
      "SELECT network, count() AS n FROM posts GROUP BY network",
    ],
    [
      "a simple aggregate for its value",
      "`n` SimpleAggregateFunction(sum, UInt64)",
      "SELECT sum(id) AS n FROM posts",
    ],
    [
      "a simple state for its aggregate",
      "`n` SimpleAggregateFunction(max, UInt64)",
      "SELECT maxSimpleState(id) AS n FROM posts",
    ],
    [
      "a state for its aggregate",
      "`n` AggregateFunction(uniq, String)",
      "SELECT uniqState(toString(network)) AS n FROM posts",
    ],
    ["a dictionary-coded text for a plain one", "`network` String", "SELECT network FROM posts"],
    ["a value for one that may be null", "`n` Nullable(UInt64)", "SELECT id AS n FROM posts"],
    [
      "a moment in another time zone",
      "`t` DateTime('Europe/Madrid')",
      "SELECT toDateTime(0, 'UTC') AS t FROM posts",
    ],
    [
      "columns in another order",
      "`network` String, `n` UInt64",
      "SELECT count() AS n, network FROM posts GROUP BY network",
    ],
  ])("with %s is made", async (_, columns, sql) => {
    expect(await problems(project(columns, sql))).toEqual([]);
  });

  it("warns of a column that it leaves empty", async () => {
    const outcome = await run(
      project("`n` UInt64, `kind` String, `at` DateTime DEFAULT now()", "SELECT id AS n FROM posts"),
    );
    expect(outcome).toMatchObject({
      ok: true,
      warnings: ["totals_mv.pipe:1: column 'kind' (String) of 'totals' is not filled and stays at its zero"],
    });
  });

  it("fills its target by name, from what is inserted and from what is there when it is made", async () => {
    const files = project(
      "`kind` String, `n` UInt64, `at` DateTime DEFAULT '2026-01-01'",
      "SELECT id AS n, 'post' AS kind FROM posts",
    );
    const before = await served({ "posts.datasource": POSTS });
    const posts = catalogOf(before, context.database).table("posts");
    await engine.command(`INSERT INTO ${posts} (id) VALUES (1)`);
    const after = await served(files, before);
    await engine.command(`INSERT INTO ${posts} (id) VALUES (2)`);
    const totals = catalogOf(after, context.database).table("totals");
    expect(rowsOf(await engine.query(`SELECT n, kind, at FROM ${totals} ORDER BY n`))).toEqual([
      { n: 1, kind: "post", at: "2026-01-01 00:00:00" },
      { n: 2, kind: "post", at: "2026-01-01 00:00:00" },
    ]);
  });
});

describe("a second build", () => {
  it("keeps a data source that did not change, with its rows", async () => {
    const before = await served({ "posts.datasource": POSTS });
    const after = await served({ "posts.datasource": `DESCRIPTION New words\n\n${POSTS}` }, before);
    expect(after.datasources.posts?.table).toBe(before.datasources.posts?.table);
  });

  it("retires the table of a data source that is gone", async () => {
    const before = await served({ "posts.datasource": POSTS });
    const outcome = await run({}, before);
    const table = before.datasources.posts?.table;
    expect(outcome).toMatchObject({ ok: true, retired: [{ table }, { table: `${table}_quarantine` }] });
  });
});
