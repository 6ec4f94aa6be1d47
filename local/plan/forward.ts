import { type Column, columnType, type Datasource, engineSql } from "../datafile/index.ts";
import { identifier, literal } from "../engine/literal.ts";
import { checkSelect } from "./guard/select.ts";

/** How the rows of a data source get into the table of its next version. */
export type Forward =
  /** `columns` of the new table are filled by `select`, which reads `FROM` the old one; the others take their defaults. */
  | { readonly kind: "select"; readonly columns: readonly string[]; readonly list: string }
  /** Written by the project's author: the names of its columns are asked of ClickHouse. */
  | { readonly kind: "query"; readonly list: string }
  /** The author says that old rows stay behind. */
  | { readonly kind: "skip" }
  /** Nobody can tell what old rows become: this FORWARD_QUERY would say it. */
  | { readonly kind: "missing"; readonly suggestion: string; readonly why: string };

/**
 * What a change of a data source does with its rows. Columns that come, go, become Nullable or change their TTL need no
 * word of the author, as Tinybird's guide on changing data sources has it; everything else needs a FORWARD_QUERY.
 * @throws TinybirdError what the gate for SELECTs says of a FORWARD_QUERY
 */
export function forwardOf(before: Datasource, after: Datasource): Forward {
  if (after.backfill !== null) return { kind: "skip" };
  if (after.forwardQuery !== null) return { kind: "query", list: checkedList(after.forwardQuery) };
  const why = reasonAgainst(before, after);
  if (why !== null) return { kind: "missing", suggestion: suggestedQuery(before, after), why };
  const kept = after.columns.filter((column) => columnOf(before, column.name) !== null);
  const columns = kept.map((column) => column.name);
  return { kind: "select", columns, list: columns.map(identifier).join(", ") };
}

/** The SELECT list of a FORWARD_QUERY, which names no table: the old one stands behind it. */
function checkedList(query: string): string {
  const { sql } = checkSelect(query);
  return sql.replace(/^\s*SELECT\s/i, "");
}

function reasonAgainst(before: Datasource, after: Datasource): string | null {
  if (engineWithoutTtl(before) !== engineWithoutTtl(after)) return "its engine, keys or settings change";
  const changed = after.columns.find((column) => {
    const old = columnOf(before, column.name);
    return old !== null && !isWidening(old, column);
  });
  if (changed === undefined) return null;
  const old = columnOf(before, changed.name);
  return `the column '${changed.name}' changes from ${old === null ? "nothing" : columnType(old)} to ${columnType(changed)}`;
}

function engineWithoutTtl(datasource: Datasource): string {
  const engine = engineSql({ ...datasource, engine: datasource.engine && { ...datasource.engine, ttl: "" } });
  return engine.ok ? engine.sql : engine.message;
}

/** The same type, or the same that may be NULL too. */
function isWidening(before: Column, after: Column): boolean {
  return before.type === after.type && (before.nullable === after.nullable || after.nullable);
}

function suggestedQuery(before: Datasource, after: Datasource): string {
  const items = after.columns.flatMap((column) => {
    const old = columnOf(before, column.name);
    if (old === null) return [];
    if (isWidening(old, column)) return [column.name];
    return [`accurateCastOrDefault(${column.name}, ${literal(columnType(column))}) AS ${column.name}`];
  });
  return `FORWARD_QUERY >\n    SELECT ${items.join(", ")}`;
}

function columnOf(datasource: Datasource, name: string): Column | null {
  return datasource.columns.find((column) => column.name === name) ?? null;
}
