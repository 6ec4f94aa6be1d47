import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { columnSql, type Datasource, parseDatafile } from "../datafile/index.ts";
import { openChdb } from "../engine/chdb.ts";
import { type Engine, rowsOf } from "../engine/engine.ts";
import { ingest } from "./ingest.ts";
import { createQuarantine } from "./quarantine.ts";

const folder = mkdtempSync(join(tmpdir(), "tb-embedded-ingest-"));
const segmentFolder = mkdtempSync(join(tmpdir(), "tb-embedded-segments-"));
let engine: Engine;
let tables = 0;

beforeAll(() => {
  engine = openChdb(join(folder, "clickhouse"));
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(segmentFolder, { recursive: true, force: true });
});

/** A new table with these columns and what is in it after the lines were sent. */
async function send(schema: string, ...lines: string[]) {
  const parsed = parseDatafile({ path: "rows.datasource", content: `SCHEMA >\n    ${schema}\n` });
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const { columns } = parsed.datafile as Datasource;
  tables += 1;
  const [table, quarantine] = [`default.rows_${tables}`, `default.rows_${tables}_quarantine`];
  await engine.command(
    `CREATE TABLE ${table} (${columns.map(columnSql).join(", ")}) ENGINE = MergeTree ORDER BY tuple() SETTINGS non_replicated_deduplication_window = 100`,
  );
  await engine.command(createQuarantine(quarantine, columns));
  const target = { engine, columns, table, quarantine };
  const body = [Buffer.from(lines.map((line) => `${line}\n`).join(""))];
  const counts = await ingest(body, target, { folder: segmentFolder });
  return {
    counts: [counts.rows, counts.quarantined],
    rows: rowsOf<Record<string, unknown>>(await engine.query(`SELECT * FROM ${table}`)),
    quarantined: rowsOf<Record<string, unknown>>(await engine.query(`SELECT * FROM ${quarantine}`)),
  };
}

describe("a value of the right kind is stored", () => {
  it.each([
    ["a number", "`n` Int32 `json:$.n`", '{"n":-5}', { n: -5 }],
    ["a number in quotes", "`n` Int32 `json:$.n`", '{"n":"12"}', { n: 12 }],
    ["a number as text", "`s` String `json:$.s`", '{"s":5}', { s: "5" }],
    ["an object as text", "`s` String `json:$.s`", '{"s":{"a":[1]}}', { s: '{"a":[1]}' }],
    ["a nested field", "`c` String `json:$.a.b.c`", '{"a":{"b":{"c":"x"}}}', { c: "x" }],
    ["an array", "`t` Array(String) `json:$.t[:]`", '{"t":["a","b"]}', { t: ["a", "b"] }],
    ["an empty array", "`t` Array(String) `json:$.t[:]`", '{"t":[]}', { t: [] }],
    ["a field of each element", "`u` Array(Int32) `json:$.m[:].n`", '{"m":[{"n":1},{"n":2}]}', { u: [1, 2] }],
    ["one element", "`f` String `json:$.m[1]`", '{"m":["a","b"]}', { f: "b" }],
    ["the whole line", "`raw` String `json:$`", '{"a":1}', { raw: '{"a":1}' }],
    ["true", "`b` Bool `json:$.b`", '{"b":true}', { b: true }],
    ["a missing value with DEFAULT", "`n` Int32 `json:$.n` DEFAULT 7", "{}", { n: 7 }],
    ["a null with DEFAULT", "`n` Int32 `json:$.n` DEFAULT 7", '{"n":null}', { n: 7 }],
    ["a missing array with DEFAULT", "`t` Array(String) `json:$.t[:]` DEFAULT ['x']", "{}", { t: ["x"] }],
    ["a missing nullable", "`n` Nullable(Int32) `json:$.n`", "{}", { n: null }],
    ["an unknown key beside it", "`n` Int32 `json:$.n`", '{"n":1,"other":2}', { n: 1 }],
    ["a low-cardinality text", "`p` LowCardinality(String) `json:$.p`", '{"p":"x"}', { p: "x" }],
    ["a map", "`m` Map(String, Int32) `json:$.m`", '{"m":{"a":1}}', { m: { a: 1 } }],
    ["an object in a JSON column", "`j` JSON `json:$.j`", '{"j":{"a":{"b":"x"}}}', { j: { a: { b: "x" } } }],
    ["the whole line in a JSON column", "`j` JSON `json:$`", '{"a":"x"}', { j: { a: "x" } }],
    ["a tuple", "`t` Tuple(a Int32, b String) `json:$.t`", '{"t":{"a":1,"b":"x"}}', { t: { a: 1, b: "x" } }],
    ["an array of arrays", "`t` Array(Array(Int32)) `json:$.t`", '{"t":[[1],[2,3]]}', { t: [[1], [2, 3]] }],
    [
      "nulls in a nullable array",
      "`t` Array(Nullable(Int32)) `json:$.t[:]`",
      '{"t":[1,null]}',
      { t: [1, null] },
    ],
    ["an empty text", "`s` String `json:$.s`", '{"s":""}', { s: "" }],
    ["true as text", "`s` String `json:$.s`", '{"s":true}', { s: "true" }],
    ["a float", "`f` Float64 `json:$.f`", '{"f":1.5e3}', { f: 1500 }],
    ["a decimal", "`d` Decimal(10, 2) `json:$.d`", '{"d":12.34}', { d: 12.34 }],
    [
      "a UUID",
      "`u` UUID `json:$.u`",
      '{"u":"01890a5d-ac96-774b-bcce-b302099a8057"}',
      { u: "01890a5d-ac96-774b-bcce-b302099a8057" },
    ],
    ["an address", "`i` IPv4 `json:$.i`", '{"i":"127.0.0.1"}', { i: "127.0.0.1" }],
    ["a label", "`e` Enum8('a' = 1, 'b' = 2) `json:$.e`", '{"e":"b"}', { e: "b" }],
    ["a date", "`d` Date `json:$.d`", '{"d":"2024-02-29"}', { d: "2024-02-29" }],
    ["characters of every alphabet", "`s` String `json:$.s`", '{"s":"日本 é 🎉"}', { s: "日本 é 🎉" }],
    ["escapes", "`s` String `json:$.s`", String.raw`{"s":"a\"b\\c\u00e9\n"}`, { s: 'a"b\\cé\n' }],
  ])("%s", async (_, schema, line, row) => {
    expect(await send(schema, line)).toMatchObject({ counts: [1, 0], rows: [row] });
  });

  it.each([
    ["2024-01-02 03:04:05", "2024-01-02 03:04:05"],
    ["2024-01-02T03:04:05Z", "2024-01-02 03:04:05"],
    ["2024-01-02T03:04:05.678Z", "2024-01-02 03:04:05"],
    ["2024-01-02T03:04:05+02:00", "2024-01-02 01:04:05"],
    [1_704_164_645, "2024-01-02 03:04:05"],
    ["2024-01-02", "2024-01-02 00:00:00"],
    ["1970-01-01 00:00:01", "1970-01-01 00:00:01"],
    ["2106-02-07 06:28:15", "2106-02-07 06:28:15"],
  ])("the moment %s", async (value, stored) => {
    const { rows } = await send("`t` DateTime `json:$.t`", JSON.stringify({ t: value }));
    expect(rows).toEqual([{ t: stored }]);
  });

  it("a moment with a fraction in a DateTime64", async () => {
    const { rows } = await send("`t` DateTime64(6) `json:$.t`", '{"t":"2024-01-02T03:04:05.123456Z"}');
    expect(rows).toEqual([{ t: "2024-01-02 03:04:05.123456" }]);
  });

  it("a text of three megabytes", async () => {
    const { counts } = await send("`s` String `json:$.s`", JSON.stringify({ s: "x".repeat(3_000_000) }));
    expect(counts).toEqual([1, 0]);
  });

  it("a 64-bit integer with all its digits, also beside a row that is not taken", async () => {
    const schema = "`n` UInt64 `json:$.n`";
    const { rows } = await send(schema, '{"n":18446744073709551615}', '{"n":"x"}');
    expect(rows.length).toBe(1);
    const text = await engine.query(`SELECT toString(n) AS n FROM default.rows_${tables}`);
    expect(rowsOf(text)).toEqual([{ n: "18446744073709551615" }]);
  });
});

describe("a value of the wrong kind is quarantined", () => {
  it.each([
    ["a missing value", "`n` Int32 `json:$.n`", "{}"],
    ["a null", "`s` String `json:$.s`", '{"s":null}'],
    ["a word for a number", "`n` Int32 `json:$.n`", '{"n":"abc"}'],
    ["an empty text for a number", "`n` Int32 `json:$.n`", '{"n":""}'],
    ["a fraction for an integer", "`n` Int32 `json:$.n`", '{"n":1.5}'],
    ["true for a number", "`n` Int32 `json:$.n`", '{"n":true}'],
    ["a number out of range", "`n` Int32 `json:$.n`", '{"n":3000000000}'],
    ["a number beyond 64 bits", "`n` Int64 `json:$.n`", '{"n":99999999999999999999}'],
    ["a negative number for an unsigned one", "`n` UInt8 `json:$.n`", '{"n":-1}'],
    ["an object for a number", "`n` Int32 `json:$.n`", '{"n":{"a":1}}'],
    ["an array for a number", "`n` Int32 `json:$.n`", '{"n":[1]}'],
    ["a scalar on the way to a nested field", "`b` String `json:$.a.b`", '{"a":5}'],
    ["a scalar for an array of objects", "`u` Array(Int32) `json:$.m[:].n`", '{"m":5}'],
    ["a word within a list of numbers", "`t` Array(Int32) `json:$.t[:]`", '{"t":[1,"x"]}'],
    ["a day that does not exist", "`d` Date `json:$.d`", '{"d":"2024-02-30"}'],
    ["an empty text for a moment", "`t` DateTime `json:$.t`", '{"t":""}'],
    ["a word for a moment", "`t` DateTime64(3) `json:$.t`", '{"t":"soon"}'],
    ["text behind the object", "`n` Int32 `json:$.n`", '{"n":1} x'],
    ["an escape that JSON does not have", "`s` String `json:$.s`", String.raw`{"s":"\q"}`],
    ["a null in an array", "`t` Array(String) `json:$.t[:]`", '{"t":[null]}'],
    ["a missing array", "`t` Array(String) `json:$.t[:]`", "{}"],
    ["a text for an array", "`t` Array(String) `json:$.t[:]`", '{"t":"a"}'],
    ["a month 13", "`t` DateTime `json:$.t`", '{"t":"2024-13-01 00:00:00"}'],
    ["a moment before 1970", "`t` DateTime `json:$.t`", '{"t":"1969-12-31 23:59:59"}'],
    ["a moment after 2106", "`t` DateTime `json:$.t`", '{"t":"2200-01-01 00:00:00"}'],
    ["an unknown label", "`e` Enum8('a' = 1) `json:$.e`", '{"e":"b"}'],
    ["a broken UUID", "`u` UUID `json:$.u`", '{"u":"12"}'],
    ["a line that is not JSON", "`n` Int32 `json:$.n`", '{"n":'],
    ["a word", "`n` Int32 `json:$.n`", "hello"],
    ["an array of objects", "`n` Int32 `json:$.n`", '[{"n":1}]'],
    ["two objects on a line", "`n` Int32 `json:$.n`", '{"n":1}{"n":2}'],
    ["a key that comes twice", "`n` Int32 `json:$.n`", '{"n":1,"n":2}'],
  ])("%s", async (_, schema, line) => {
    const { counts, rows, quarantined } = await send(schema, line);
    expect({ counts, rows }).toEqual({ counts: [0, 1], rows: [] });
    expect(quarantined).toMatchObject([{ c__row: line }]);
  });

  it("with the column, the reason and the row as it came", async () => {
    const schema = "`id` String `json:$.id`, `n` Int32 `json:$.n`";
    const { quarantined } = await send(schema, '{"id":"a","n":"abc"}');
    expect(quarantined).toMatchObject([
      {
        c__error_column: ["n"],
        c__error: ["value 'abc' on column 'n' is not Int32"],
        id: "a",
        n: "abc",
        c__row: '{"id":"a","n":"abc"}',
      },
    ]);
  });

  it("with every column that is wrong", async () => {
    const schema = "`id` String `json:$.id`, `n` Int32 `json:$.n`, `m` Int32 `json:$.m`";
    const { quarantined } = await send(schema, '{"n":"abc","m":5000000000}');
    expect(quarantined).toMatchObject([{ c__error_column: ["id", "n", "m"] }]);
  });

  it("while the rows around it are stored", async () => {
    const lines = Array.from({ length: 100 }, (_, i) => (i % 10 === 3 ? '{"n":"x"}' : `{"n":${i}}`));
    const { counts, rows, quarantined } = await send("`n` Int32 `json:$.n`", ...lines);
    expect({ counts, rows: rows.length, quarantined: quarantined.length }).toEqual({
      counts: [90, 10],
      rows: 90,
      quarantined: 10,
    });
  });
});

describe("a batch", () => {
  it("that is sent twice is stored twice: delivery is at least once, identity is the reader's", async () => {
    const { counts } = await send("`n` Int32 `json:$.n`", '{"n":1}', '{"n":1}');
    expect(counts).toEqual([2, 0]);
  });

  it("leaves no file behind", async () => {
    await send("`n` Int32 `json:$.n`", '{"n":1}', '{"n":"x"}');
    expect(readdirSync(segmentFolder)).toEqual([]);
  });

  it("of a table that is gone is a fault, and nothing is quarantined", async () => {
    const { columns } = (
      parseDatafile({ path: "rows.datasource", content: "SCHEMA >\n    `n` Int32 `json:$.n`\n" }) as {
        datafile: Datasource;
      }
    ).datafile;
    const target = {
      engine,
      columns,
      table: "default.gone",
      quarantine: "default.gone_q",
    };
    const body = [Buffer.from('{"n":1}')];
    await expect(ingest(body, target, { folder: segmentFolder })).rejects.toMatchObject({
      clickhouseCode: 60,
    });
  });
});
