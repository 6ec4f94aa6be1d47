import { describe, expect, it } from "vitest";
import { readInstructions } from "../lines.ts";
import { DatafileError } from "../problem.ts";
import { type Column, columnSql, columnType } from "./column.ts";
import { parseSchema } from "./columns.ts";

function schema(text: string): readonly Column[] {
  const [instruction] = readInstructions(`SCHEMA >\n${text}`, new Set(["SCHEMA"]));
  if (instruction === undefined) throw new Error("no SCHEMA");
  return parseSchema(instruction);
}

function problem(text: string): DatafileError["details"] {
  try {
    schema(text);
  } catch (error) {
    if (error instanceof DatafileError) return error.details;
    throw error;
  }
  throw new Error(`expected a problem: ${text}`);
}

describe("a column", () => {
  const defaults = { nullable: false, jsonPath: null, defaultExpression: null, codec: null, line: 2 };

  it.each<[string, string, Partial<Column>]>([
    ["a bare name and a type", "user_id UInt64", { name: "user_id", type: "UInt64" }],
    [
      "an odd name in backticks",
      "`user id!` String".replace(" id", "-id"),
      { name: "user-id!", type: "String" },
    ],
    ["a JSON path", "id String `json:$.user.id`", { name: "id", type: "String", jsonPath: "$.user.id" }],
    [
      "an upper-case JSON path mark",
      "id String `JSON:$.id`",
      { name: "id", type: "String", jsonPath: "$.id" },
    ],
    ["an empty JSON path as none", "id String `json:`", { name: "id", type: "String" }],
    [
      "the last of two JSON paths",
      "id String `json:$.a` `json:$.b`",
      { name: "id", type: "String", jsonPath: "$.b" },
    ],
    [
      "a DEFAULT with commas and parentheses",
      "at Date DEFAULT f('a, (', 1)",
      { name: "at", type: "Date", defaultExpression: "f('a, (', 1)" },
    ],
    ["a DEFAULT without type", "at DEFAULT today()", { name: "at", type: "", defaultExpression: "today()" }],
    [
      "a doubled quote",
      "a String DEFAULT 'd''or'",
      { name: "a", type: "String", defaultExpression: "'d''or'" },
    ],
    ["a CODEC", "n Int32 codec(Delta, LZ4)", { name: "n", type: "Int32", codec: "Delta, LZ4" }],
    [
      "all parts, path last",
      "n Int32 DEFAULT 7 CODEC(LZ4) `json:$.n`",
      { name: "n", type: "Int32", defaultExpression: "7", codec: "LZ4", jsonPath: "$.n" },
    ],
    [
      "all parts, path first",
      "n Int32 `json:$.n` DEFAULT 7 CODEC(LZ4)",
      { name: "n", type: "Int32", defaultExpression: "7", codec: "LZ4", jsonPath: "$.n" },
    ],
    ["Nullable taken off", "n Nullable(Int32)", { name: "n", type: "Int32", nullable: true }],
    [
      "DEFAULT NULL of a nullable column dropped",
      "n Nullable(Int32) DEFAULT null",
      { name: "n", type: "Int32", nullable: true },
    ],
    ["an inner Nullable kept", "n Array(Nullable(Int32))", { name: "n", type: "Array(Nullable(Int32))" }],
    ["names that start like keywords", "ttl_days UInt16", { name: "ttl_days", type: "UInt16" }],
    ["blanks before a comma after a type", "a String  ,", { name: "a", type: "String" }],
  ])("has %s", (_, text, expected) => {
    expect(schema(text)).toEqual([{ ...defaults, ...expected }]);
  });

  it("is separated by commas, on one line or many, with comments and one trailing comma", () => {
    const columns = schema("-- who\na String `json:$.a--b`, b Int8, -- what\n\n  # when\n  c Date,\n");
    expect(columns.map(({ name, jsonPath, line }) => [name, jsonPath, line])).toEqual([
      ["a", "$.a--b", 3],
      ["b", null, 3],
      ["c", null, 6],
    ]);
  });
});

describe("a problem of a SCHEMA", () => {
  it.each<[string, string, number, number, string]>([
    ["a letter no name has", "a;b String", 2, 2, "Column name contains invalid character ';'"],
    ["two commas", "a Int8,\n,", 3, 1, "Column name contains invalid character ','"],
    ["an unclosed name", "`a Int8", 2, 3, "Expected closing backtick"],
    ["an empty name", "`` Int8", 2, 1, "Column name is empty"],
    ["a path with a blank", "a Int8 `json:$. a`", 2, 16, "Expected closing backtick"],
    ["a name alone", "a Int8,\n  b", 3, 3, "Column name and either type or DEFAULT are required"],
    ["a name with only a path", "a `json:$.a`", 2, 1, "Column name and either type or DEFAULT are required"],
    ["an index", "INDEX i a TYPE minmax", 2, 1, "Forbidden INDEX definition"],
    ["DEFAULT after CODEC", "a Int8 CODEC(LZ4) DEFAULT 1", 2, 18, "Unexpected DEFAULT after CODEC"],
    ["a blank between path and comma", "a Int8 `json:$.a` ,", 2, 18, "Unexpected TYPE after JSONPATH"],
    ["DEFAULT without value", "a Int8 DEFAULT", 2, 15, "Missing mandatory value for DEFAULT"],
    ["DEFAULT before a path", "a Int8 DEFAULT `json:$.a`", 2, 16, "Missing mandatory value for DEFAULT"],
    [
      "CODEC without parentheses",
      "a Int8 CODEC LZ4",
      2,
      13,
      "CODEC expects its codecs in parentheses, got LZ4",
    ],
    ["an unclosed parenthesis", "a Map(String, Int8", 2, 19, "Expected closing )"],
    ["an unclosed quote", "a String DEFAULT 'x", 2, 20, "Expected closing '"],
    ["a letter no expression has", "a Int8 DEFAULT 1 | 2", 2, 18, "Invalid character '|'"],
    ["NULL", "a Int8 NULL", 2, 8, "NULL column syntax not supported"],
    ["NOT NULL", "a Int8 not  null", 2, 8, "NOT NULL column syntax not supported"],
    ["MATERIALIZED", "a Int8 MATERIALIZED b", 2, 8, "MATERIALIZED columns are not supported"],
    ["a bare Int", "a Int", 2, 3, "Precision is mandatory for Int types"],
    ["Boolean", "a BOOLEAN", 2, 10, "Boolean type is not supported"],
    [
      "DateTime64 without precision",
      "a Array(DateTime64)",
      2,
      20,
      "DateTime64 type without precision is not supported",
    ],
    ["an unknown type", "a Sting", 2, 3, "Unknown data type family: Sting. Maybe you meant: ['String']"],
    ["nothing but a comment", "-- soon", 1, -1, "SCHEMA has no columns"],
  ])("is reported for %s", (_, text, line, pos, message) => {
    expect(problem(text)).toMatchObject({ line, message, pos: pos === -1 ? null : pos });
  });

  it("counts lines as Tinybird does, without the blank ones before it", () => {
    expect(problem("a Int8,\n\n\nb Sting")).toMatchObject({ line: 3 });
  });
});

describe("columnSql", () => {
  it.each([
    ["a String", "`a` String"],
    ["a Nullable(String) DEFAULT 'x'", "`a` Nullable(String) DEFAULT 'x'"],
    ["a Int64 DEFAULT 1 CODEC(LZ4) `json:$.a`", "`a` Int64 DEFAULT 1 CODEC(LZ4)"],
    ["a DEFAULT now()", "`a` DEFAULT now()"],
    ["a`b\\c String".replace("\\c", ""), "`a\\`b` String"],
  ])("writes %s as %s", (text, sql) => {
    expect(schema(text).map(columnSql)).toEqual([sql]);
  });

  it("puts Nullable inside a SimpleAggregateFunction, where ClickHouse wants it", () => {
    const [column] = schema(
      "n Nullable(SimpleAggregateFunction(max, Array(Int64)))".replace("Array(Int64)", "Int64"),
    );
    expect(column && columnType(column)).toBe("SimpleAggregateFunction(max, Nullable(Int64))");
  });
});
