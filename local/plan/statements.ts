import { columnSql, columnType, type Datasource, engineSql } from "../datafile/index.ts";
import { DEDUPLICATION_WINDOW } from "../engine/engine.ts";
import { identifier } from "../engine/literal.ts";

/** Where a data source lives in ClickHouse. The name that users read and write is only in the plan. */
export interface Placement {
  readonly database: string;
  readonly table: string;
}

/**
 * Forward projects use nullable sorting keys and plain columns outside the sorting key of an
 * AggregatingMergeTree; ClickHouse 26 refuses both unless told.
 */
const TABLE_SETTINGS = [
  // A segment of the log is removed once it is in the table: by then it must be on the disk there.
  "fsync_after_insert = 1",
  "fsync_part_directory = 1",
  `non_replicated_deduplication_window = ${DEDUPLICATION_WINDOW}`,
  "allow_nullable_key = 1",
] as const;

const AGGREGATING_SETTINGS = ["allow_dimensions_outside_sorting_key = 1"] as const;

export function qualified(where: Placement): string {
  return `${identifier(where.database)}.${identifier(where.table)}`;
}

export function quarantineOf(where: Placement): Placement {
  return { database: where.database, table: `${where.table}_quarantine` };
}

/**
 * The table of a data source.
 * @returns the statement, or the reason why the engine clause cannot be built.
 */
export function createTable(
  where: Placement,
  datasource: Datasource,
): { ok: true; sql: string } | { ok: false; message: string } {
  const engine = engineSql(datasource);
  if (!engine.ok) return engine;
  const indexes = datasource.indexes.map(
    (index) =>
      `INDEX ${identifier(index.name)} ${index.expr} TYPE ${index.type}${index.granularity === null ? "" : ` GRANULARITY ${index.granularity}`}`,
  );
  const columns = [...datasource.columns.map(columnSql), ...indexes].join(",\n  ");
  return {
    ok: true,
    sql: `CREATE TABLE ${qualified(where)} (\n  ${columns}\n)\nENGINE = ${withSettings(engine.sql, datasource)}`,
  };
}

function withSettings(engine: string, datasource: Datasource): string {
  if (/^null\b/i.test(engine)) return engine;
  const settings: string[] = [...TABLE_SETTINGS];
  if (/^aggregating/i.test(engine)) settings.push(...AGGREGATING_SETTINGS);
  const own = datasource.engine?.settings;
  return own === undefined
    ? `${engine} SETTINGS ${settings.join(", ")}`
    : `${engine}, ${settings.join(", ")}`;
}

/** A materialized view that fills `target` from what is inserted into the tables that `select` reads. */
export function createMaterializedView(view: Placement, target: Placement, select: string): string {
  return `CREATE MATERIALIZED VIEW ${qualified(view)}\nTO ${qualified(target)}\nAS ${select}`;
}

export function dropTable(where: Placement): string {
  return `DROP TABLE IF EXISTS ${qualified(where)} SYNC`;
}

/** The columns of a data source as `name type`, in order: what `GET /v0/datasources/NAME` calls `sql_schema`. */
export function schemaText(datasource: Datasource): string {
  return datasource.columns
    .map((column) => {
      const path = column.jsonPath === null ? "" : ` \`json:${column.jsonPath}\``;
      return `\`${column.name}\` ${columnType(column)}${path}`;
    })
    .join(", ");
}
