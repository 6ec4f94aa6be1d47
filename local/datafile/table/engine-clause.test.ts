import { describe, expect, it } from "vitest";
import type { Column } from "../schema/column.ts";
import { type EngineClause, engineSql, tableEngineSql } from "./engine-clause.ts";

const column = (name: string, type: string, nullable = false): Column => ({
  name,
  type,
  nullable,
  jsonPath: null,
  defaultExpression: null,
  codec: null,
  line: 1,
});

const columns = [
  column("platform", "LowCardinality(String)"),
  column("views", "UInt64"),
  column("sign", "Int8"),
  column("at", "DateTime64(3)"),
];

describe("engineSql", () => {
  it.each<[string, EngineClause, string]>([
    [
      "every clause in ClickHouse's order",
      {
        type: "MergeTree",
        settings: "index_granularity = 1024",
        ttl: "toDate(at) + INTERVAL 1 DAY",
        samplingKey: "views",
        primaryKey: "platform",
        sortingKey: "platform, views",
        partitionKey: "toYYYYMM(at)",
      },
      "MergeTree() PARTITION BY (toYYYYMM(at)) ORDER BY (platform, views) PRIMARY KEY (platform) SAMPLE BY (views) TTL toDate(at) + INTERVAL 1 DAY SETTINGS index_granularity = 1024",
    ],
    [
      "no clause for an empty option",
      { type: "MergeTree", partitionKey: "" },
      "MergeTree() ORDER BY (tuple())",
    ],
    ["any case of the name", { type: "AGGREGATINGMERGETREE" }, "AggregatingMergeTree() ORDER BY (tuple())"],
    [
      "options of other engines left out",
      { type: "MergeTree", sign: "sign" },
      "MergeTree() ORDER BY (tuple())",
    ],
    [
      "version and deletion mark",
      { type: "ReplacingMergeTree", sortingKey: "platform", ver: "at", isDeleted: "sign" },
      "ReplacingMergeTree(at, sign) ORDER BY (platform)",
    ],
    [
      "columns to sum",
      { type: "SummingMergeTree", columns: "`views`,sign" },
      "SummingMergeTree(`views`,sign) ORDER BY (tuple())",
    ],
    [
      "sign and version",
      { type: "VersionedCollapsingMergeTree", sign: "sign", version: "views" },
      "VersionedCollapsingMergeTree(sign, views) ORDER BY (tuple())",
    ],
    ["nothing for Null", { type: "null", sortingKey: "at" }, "Null()"],
    ["a MergeTree for an empty ENGINE", { type: "", sortingKey: "at" }, "MergeTree() ORDER BY (at)"],
    ["the key given without ENGINE", { type: null, sortingKey: "views" }, "MergeTree() ORDER BY (views)"],
  ])("writes %s", (_, engine, sql) => {
    expect(engineSql({ engine, columns })).toEqual({ ok: true, sql });
  });

  it.each([
    ["views, sign", "SummingMergeTree((views, sign)) ORDER BY (tuple())"],
    ["views", "SummingMergeTree(views) ORDER BY (tuple())"],
    ["", "SummingMergeTree() ORDER BY (tuple())"],
  ])("gives ClickHouse the columns to sum (%j) as one tuple", (summed, sql) => {
    const engine: EngineClause = { type: "summingmergetree", columns: summed };
    expect(tableEngineSql({ engine, columns })).toEqual({ ok: true, sql });
  });

  it.each<[string, readonly Column[], string]>([
    ["its first date or time", columns, "at"],
    ["else its first number", columns.slice(0, 3), "views"],
    ["else its first text", columns.slice(0, 1), "platform"],
    ["never a nullable column", [column("at", "Date", true), column("n-1", "Int8")], "`n-1`"],
    ["nothing when no column can be a key", [column("tags", "Array(String)")], "tuple()"],
  ])("sorts a data source without ENGINE by %s", (_, given, key) => {
    expect(engineSql({ engine: null, columns: given })).toEqual({
      ok: true,
      sql: `MergeTree() ORDER BY (${key})`,
    });
  });

  it.each<[EngineClause, string]>([
    [
      { type: "Log" },
      "Engine Log is not supported, supported engines include: MergeTree, ReplacingMergeTree, SummingMergeTree, AggregatingMergeTree, CollapsingMergeTree, VersionedCollapsingMergeTree, Null",
    ],
    [{ type: "CollapsingMergeTree", sortingKey: "at" }, "Missing required option 'sign'"],
    [{ type: "CollapsingMergeTree", sign: "sign" }, "Missing required option 'sorting_key'"],
    [{ type: "ReplacingMergeTree", sortingKey: "at", isDeleted: "sign" }, "Missing required option 'ver'"],
    [
      { type: "ReplacingMergeTree", sortingKey: "at", ver: "v" },
      "Invalid value 'v' for parameter 'engine_ver', reason: 'v' column is not present in schema",
    ],
    [
      { type: "ReplacingMergeTree", sortingKey: "tuple()" },
      "Invalid value 'tuple()' for parameter 'engine_sorting_key', reason: ReplacingMergeTree expects the columns that identify a row",
    ],
    [
      { type: "SummingMergeTree", columns: "views, likes" },
      "Invalid value 'views, likes' for parameter 'engine_columns', reason: 'likes' column is not present in schema",
    ],
  ])("refuses %j", (engine, message) => {
    expect(engineSql({ engine, columns })).toEqual({ ok: false, message });
  });
});
