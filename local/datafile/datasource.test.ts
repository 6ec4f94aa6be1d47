import { describe, expect, it } from "vitest";
import { type Datasource, parseDatafile } from "./index.ts";

const SCHEMA =
  "SCHEMA >\n  id String,\n  n Nullable(Int64),\n  at DateTime,\n  total AggregateFunction(sum, Int64)\n";

function parse(content: string): Datasource {
  const result = parseDatafile({ path: "datasources/likes.datasource", content });
  if (!result.ok) throw new Error(result.problem.message);
  if (result.datafile.kind !== "datasource") throw new Error(result.datafile.kind);
  return result.datafile;
}

function problem(content: string): unknown {
  const result = parseDatafile({ path: "likes.datasource", content });
  if (result.ok) throw new Error("expected a problem");
  const { line, message } = result.problem;
  return [line, message];
}

describe("a data source", () => {
  it("has its name from the file, its text, and empty values where nothing is written", () => {
    expect(parse(SCHEMA)).toEqual({
      kind: "datasource",
      path: "datasources/likes.datasource",
      name: "likes",
      description: null,
      columns: expect.any(Array),
      engine: null,
      indexes: [],
      tokens: [],
      tags: [],
      operationalTags: null,
      sharedWith: [],
      forwardQuery: null,
      backfill: null,
      kafka: null,
      import: null,
      postgres: null,
      content: SCHEMA,
    });
  });

  it.each<[string, string, Partial<Datasource>]>([
    [
      "an inline description with its quotes",
      `DESCRIPTION the "likes"  of users\n`,
      { description: `the "likes" of users` },
    ],
    ["a described block with its inner indent", "DESCRIPTION >\n  a\n    b\n", { description: "a\n    b" }],
    [
      "tokens that add up",
      `TOKEN t append\nTOKEN "a b" READ\n`,
      {
        tokens: [
          { name: "t", scope: "APPEND" },
          { name: "a b", scope: "READ" },
        ],
      },
    ],
    ["tags of both kinds", "TAGS a, k=v\nTAGS b,l=w\n", { tags: ["a", "b"], operationalTags: "k=v&l=w" }],
    ["workspaces by line and comma", "SHARED_WITH >\n  x,\n  y, z\n", { sharedWith: ["x", "y", "z"] }],
    [
      "a dedented forward query",
      "FORWARD_QUERY >\n   SELECT id,\n     n\n",
      { forwardQuery: "SELECT id,\n  n" },
    ],
    ["backfill as written", "BACKFILL Skip\n", { backfill: "Skip" }],
    [
      "the last of repeated engine values",
      "ENGINE MergeTree\nENGINE_TTL a\nENGINE_TTL b\n",
      { engine: { type: "MergeTree", ttl: "b" } },
    ],
    [
      "engine options without ENGINE",
      "ENGINE_SORTING_KEY id\n",
      { engine: { type: null, sortingKey: "id" } },
    ],
    ["an empty TTL dropped", `ENGINE "MergeTree"\nENGINE_TTL ""\n`, { engine: { type: "MergeTree" } }],
    [
      "an engine value as a block",
      "ENGINE_SORTING_KEY >\n  id,\n  at\n",
      { engine: { type: null, sortingKey: "id,\n  at" } },
    ],
    ["bare key names without effect", "SORTING_KEY id\n", { engine: null }],
    [
      "indexes",
      "INDEXES >\n  INDEX by_id lower(id) TYPE ngrambf_v1(3, 64, 1, 0) GRANULARITY 2,\n  by_at at TYPE minmax\n",
      {
        indexes: [
          { name: "by_id", expr: "lower(id)", type: "ngrambf_v1(3, 64, 1, 0)", granularity: 2 },
          { name: "by_at", expr: "at", type: "minmax", granularity: null },
        ],
      },
    ],
    [
      "Postgres settings",
      "PG_CONNECTION_NAME pg\nPG_TABLE t\n",
      { postgres: { connectionName: "pg", table: "t" } },
    ],
  ])("has %s", (_, text, expected) => {
    expect(parse(SCHEMA + text)).toMatchObject(expected);
  });

  it("warns of instructions that have no effect any more", () => {
    const result = parseDatafile({ path: "a.datasource", content: `VERSION 2\n${SCHEMA}` });
    expect(result).toMatchObject({
      ok: true,
      warnings: ["VERSION has been deprecated and will be ignored."],
    });
  });
});

describe("a problem of a data source", () => {
  it.each<[string, string, number | null, string]>([
    ["no schema", "ENGINE MergeTree\n", null, "SCHEMA is mandatory"],
    ["an unknown instruction", "OWNER me\n", 1, "OWNER is not a valid option in datasource files."],
    ["an instruction of pipes", "NODE a\n", 1, "NODE is not a valid option in datasource files."],
    ["an empty schema", "SCHEMA >\n", 1, "SCHEMA has an empty block"],
    ["a value that is missing", `${SCHEMA}ENGINE\n`, 6, "ENGINE expects a value, nothing came"],
    [
      "a block where none can be",
      `${SCHEMA}BACKFILL >\n  skip\n`,
      6,
      "BACKFILL does not support multiline arguments",
    ],
    ["indexes on one line", `${SCHEMA}INDEXES a b\n`, 6, "INDEXES must be multiline"],
    ["an index without type", `${SCHEMA}INDEXES >\n  a id TYPE set(1)\n  b id\n`, 8, "Invalid INDEX syntax"],
    [
      "an index of another form",
      `${SCHEMA}INDEXES >\n  a id TYPE set(1)\n  b TYPE set(1)\n`,
      7,
      "Invalid INDEX syntax",
    ],
    [
      "a scope of pipes",
      `TOKEN t DROP\n${SCHEMA}`,
      1,
      "Invalid permission: DROP. Only READ and APPEND are supported",
    ],
    [
      "a schedule that imports do not have",
      `${SCHEMA}IMPORT_CONNECTION_NAME a\nIMPORT_BUCKET_URI b\nIMPORT_SCHEDULE @daily\n`,
      null,
      "IMPORT_SCHEDULE must be one of @auto, @on-demand, @once, got '@daily'",
    ],
    [
      "half of a DynamoDB import",
      `${SCHEMA}IMPORT_TABLE_ARN a\n`,
      null,
      "Some DynamoDB params have been provided, but the following required ones are missing: ['import_connection_name', 'import_export_bucket']",
    ],
    [
      "half of a Postgres import",
      `${SCHEMA}PG_TABLE a\n`,
      null,
      "Some Postgres params have been provided, but the following required ones are missing: ['pg_connection_name']",
    ],
    [
      "an empty group",
      `${SCHEMA}KAFKA_CONNECTION_NAME a\nKAFKA_TOPIC b\nKAFKA_GROUP_ID ""\n`,
      null,
      "KAFKA_GROUP_ID cannot be empty",
    ],
    [
      "an aggregate in the key",
      `${SCHEMA}ENGINE_SORTING_KEY id, f(uniqMerge(total), 1)\n`,
      null,
      "Sorting key contains aggregate function expression 'uniqMerge(total)'. Aggregate function expressions cannot be used in sorting keys.",
    ],
    [
      "a nullable column in the key",
      `${SCHEMA}ENGINE_SORTING_KEY (id, n)\n`,
      null,
      "Sorting key contains nullable column 'n'. Nullable columns cannot be used in sorting keys.",
    ],
    [
      "an aggregate state in the key",
      `${SCHEMA}ENGINE_SORTING_KEY \`total\`\n`,
      null,
      "Sorting key contains column 'total' with AggregateFunction type. AggregateFunction columns cannot be used in sorting keys.",
    ],
  ])("is reported for %s", (_, content, line, message) => {
    expect(problem(content)).toEqual([line, message]);
  });

  it("is the first one of the file", () => {
    expect(problem("SCHEMA >\n  a Sting\nENGIN x\n")).toEqual([
      3,
      expect.stringContaining("Error parsing type"),
    ]);
    expect(problem("SCHEMA >\n  a Sting\nENGINE\nWHAT x\n")).toEqual([2, expect.stringContaining("Sting")]);
  });
});
