import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseDatafile } from "tb-embedded";
import { describe, expect, it, onTestFinished } from "vitest";
import { dataSourceShapes } from "./data-sources.ts";
import { type Describe, endpointShapes } from "./endpoints.ts";
import { generateSchema } from "./generate.ts";
import { camelCase, pascalCase, singular } from "./names.ts";
import { renderSchema } from "./render.ts";
import { wordsFor } from "./words.ts";

const ROOT = join(import.meta.dirname, "../..");

/** A folder within the SDK, where its packages are found; gone after the test. */
function temporaryFolder(): string {
  mkdirSync(join(ROOT, "sdk/.cache"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "sdk/.cache/types-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function datafile(path: string, content: string) {
  const result = parseDatafile({ path, content });
  if (!result.ok) throw new Error(result.problem.message);
  return result.datafile;
}

describe("names", () => {
  it.each([
    ["trending_content", "trendingContent", "TrendingContent", "trending_content"],
    ["social_interactions", "socialInteractions", "SocialInteractions", "social_interaction"],
    ["stories", "stories", "Stories", "story"],
    ["posts_daily", "postsDaily", "PostsDaily", "posts_daily"],
    ["status", "status", "Status", "status"],
  ])("%s: %s, %s, one row %s", (name, camel, pascal, one) => {
    expect([camelCase(name), pascalCase(name), singular(name)]).toEqual([camel, pascal, one]);
  });
});

describe("a ClickHouse type as a schema", () => {
  it.each([
    ["String", "string()", "string()"],
    ["LowCardinality(Nullable(String))", "nullable(string())", "string().nullable()"],
    ["UInt64", "uint64()", "number()"],
    ["Int256", "int64()", "number()"],
    ["Float64", "float()", "floatOrNaN()"],
    ["Decimal(10, 2)", "float()", "number()"],
    ["Bool", "boolean()", "boolean()"],
    ["UUID", "uuid()", "string()"],
    ["Enum8('a' = 1, 'b' = 2)", 'oneOf(["a","b"])', "string()"],
    ["Array(Array(Int8))", "array(array(int8()))", "array(array(number()))"],
    ["Map(String, UInt8)", "map(uint8())", "map(number())"],
    ["Tuple(a String, b UInt8)", "anything()", "anything()"],
    ["Date", "date()", "dateText()"],
    ["DateTime('UTC')", "dateTime()", "dateText()"],
    ["DateTime64(6)", "dateTime64(6)", "dateText()"],
    ["DateTime('Europe/Madrid')", "string()", "dateText()"],
    ["SimpleAggregateFunction(max, DateTime)", "dateTime()", "dateText()"],
  ])("%s: in an event %s, in an answer %s", (type, event, answer) => {
    expect([wordsFor(type, "event"), wordsFor(type, "answer")]).toEqual([event, answer]);
  });
});

describe("a data source takes events", () => {
  const landing = "SCHEMA >\n    `id` String `json:$.id`\n";
  const rollup = datafile("datasources/daily.datasource", landing);
  const view = datafile(
    "materializations/daily_mv.pipe",
    "NODE n\nSQL >\n    SELECT id FROM events\n\nTYPE materialized\nDATASOURCE daily\n",
  );

  it.each([
    ["when no pipe writes to it", [rollup], ["daily"]],
    ["not when a materialized view fills it", [rollup, view], []],
    [
      "when it has an APPEND token, whatever fills it",
      [datafile("datasources/daily.datasource", `TOKEN "t" APPEND\n${landing}`), view],
      ["daily"],
    ],
    [
      "not when no column comes from JSON",
      [datafile("datasources/x.datasource", "SCHEMA >\n    `a` String\n")],
      [],
    ],
  ])("%s", (_, files, names) => {
    expect(dataSourceShapes(files).map(({ name }) => name)).toEqual(names);
  });

  it("in the shape of its JSON paths, with what may be left out", () => {
    const schema = `SCHEMA >
    \`event_id\` String \`json:$.event_id\`,
    \`name\` Nullable(String) \`json:$.user.name\`,
    \`age\` UInt8 \`json:$.user.age\` DEFAULT 7,
    \`urls\` Array(String) \`json:$.media[:].url\`,
    \`tags\` Array(String) \`json:$.tags[:]\`
`;
    const [shape] = dataSourceShapes([datafile("datasources/events.datasource", schema)]);
    expect(shape?.identity).toBe("event_id");
    expect(shape?.fields.map(({ name, words }) => [name, words])).toEqual([
      ["event_id", "identity()"],
      ["user", 'z.strictObject({ "name": nullable(string()), "age": optional(uint8()) })'],
      ["media", "anything()"],
      ["tags", "array(string())"],
    ]);
  });
});

describe("an endpoint", () => {
  const pipe = (sql: string) =>
    datafile("endpoints/feed.pipe", `NODE n\nSQL >\n    %\n    ${sql}\n\nTYPE endpoint\n`);
  const answers =
    (needs: readonly string[]): Describe =>
    async (_, parameters) =>
      needs.every((name) => name in parameters)
        ? { ok: true, meta: [{ name: "next_cursor", type: "String" }] }
        : { ok: false, error: "Required parameter is not defined" };

  it("requires what the engine cannot do without, and nothing else", async () => {
    const feed = pipe(
      "SELECT {{String(user_id, required=True)}}, {{Int32(limit, 5)}}, {{Array(kinds, 'String')}}",
    );
    const [shape] = await endpointShapes([feed], answers(["user_id"]));
    expect(shape?.parameters.map(({ name, words }) => [name, words])).toEqual([
      ["user_id", "string()"],
      ["limit", "optional(int32())"],
      ["kinds", "optional(list(string()))"],
    ]);
  });

  it("answers in pages when it has a cursor", async () => {
    const [shape] = await endpointShapes([pipe("SELECT {{String(cursor, '')}} AS next_cursor")], answers([]));
    expect(shape?.paged).toBe(true);
  });

  it("takes the values of an enum only", async () => {
    const feed = pipe(
      "SELECT {{String(granularity, 'day', enum=['day', 'hour'], description='Width of a bucket')}}",
    );
    const [shape] = await endpointShapes([feed], answers([]));
    expect(shape?.parameters).toEqual([
      {
        name: "granularity",
        words: 'optional(oneOf(["day","hour"]))',
        doc: ["Width of a bucket.", "Default: `day`."],
      },
    ]);
  });

  it("that the engine refuses with every sample is told with the engine's words", async () => {
    const refuse: Describe = async () => ({ ok: false, error: "Unknown table" });
    await expect(endpointShapes([pipe("SELECT 1")], refuse)).rejects.toThrow(/feed\.pipe.*Unknown table/);
  });
});

describe("the generated text", () => {
  it("cannot be broken by a description", () => {
    const text = renderSchema([{ name: "a", description: "x */ y", identity: null, fields: [] }], []);
    expect(text).toContain("/** x * / y */");
  });

  it.each(["close", "stats"])("refuses a name that the client has itself: %s", (name) => {
    const endpoint = { name, description: null, parameters: [], columns: [], dates: [], paged: false };
    expect(() => renderSchema([], [endpoint])).toThrow(`client.${name}`);
  });
});

describe("a change of a datafile", () => {
  it("is a compile error where the old name is used", async () => {
    const project = temporaryFolder();
    const file = "datasources/social_interactions.datasource";
    mkdirSync(join(project, "datasources"));
    const datasource = readFileSync(join(ROOT, file), "utf8");
    writeFileSync(join(project, file), datasource.replaceAll("engagement_count", "engagement"));
    const source = join(project, "src");
    cpSync(join(ROOT, "sdk/src"), source, { recursive: true, filter: (file) => !/\.test[.-]/.test(file) });
    writeFileSync(join(source, "schema.generated.ts"), await generateSchema(project));
    writeFileSync(
      join(source, "caller.ts"),
      `import type { SocialInteraction } from "./schema.generated.ts";
export const count = (event: SocialInteraction) => event.engagement_count;`,
    );
    const options = { extends: join(ROOT, "tsconfig.json"), include: ["src/caller.ts"] };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify(options));
    const compiled = await promisify(execFile)(join(ROOT, "node_modules/.bin/tsc"), ["-p", project]).then(
      () => "",
      (error: { stdout: string }) => error.stdout,
    );
    expect(compiled).toMatch(
      /^[^\n]*caller\.ts\(2,\d+\): error TS\d+: Property 'engagement_count' does not exist[^\n]*\n$/,
    );
  });
});
