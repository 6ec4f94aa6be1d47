import type { Column } from "../datafile/index.ts";
import { DEDUPLICATION_WINDOW } from "../engine/engine.ts";
import { identifier, literal } from "../engine/literal.ts";
import { BLOCK_SETTINGS } from "./direct.ts";
import type { Field } from "./field.ts";
import type { SiftedRow } from "./sift.ts";

/** The columns of a quarantine table beside the data source's own, in Tinybird's order of export. */
const OWN_COLUMNS = {
  errorColumn: "c__error_column",
  error: "c__error",
  importId: "c__import_id",
  /** Ours: the row as it came, so that nothing of it is lost. */
  row: "c__row",
  insertionDate: "insertion_date",
} as const;

/** The table for rows that do not fit: every column as text that may be missing, with the reasons beside it. */
export function createQuarantine(quarantine: string, columns: readonly Column[]): string {
  const definitions = [
    `${OWN_COLUMNS.errorColumn} Array(String)`,
    `${OWN_COLUMNS.error} Array(String)`,
    `${OWN_COLUMNS.importId} Nullable(String)`,
    ...columns.map((column) => `${identifier(column.name)} Nullable(String)`),
    `${OWN_COLUMNS.row} String`,
    `${OWN_COLUMNS.insertionDate} DateTime DEFAULT now()`,
  ].join(",\n  ");
  return `
CREATE TABLE ${quarantine} (
  ${definitions}
)
ENGINE = MergeTree
ORDER BY ${OWN_COLUMNS.insertionDate}
SETTINGS non_replicated_deduplication_window = ${DEDUPLICATION_WINDOW}, fsync_after_insert = 1, fsync_part_directory = 1`;
}

/** Rows for a quarantine table, as NDJSON: the reasons, what could be read of each column as text, and the line. */
export function quarantineFile(
  rows: readonly SiftedRow[],
  fields: readonly Field[],
  importId: string,
): string {
  return rows.map((row) => `${JSON.stringify(quarantineRow(row, fields, importId))}\n`).join("");
}

function quarantineRow(row: SiftedRow, fields: readonly Field[], importId: string): Record<string, unknown> {
  const texts = fields.map((field, i) => {
    const text = row.texts[i] ?? null;
    return [field.column.name, Array.isArray(text) ? JSON.stringify(text) : text];
  });
  return {
    ...Object.fromEntries(texts),
    [OWN_COLUMNS.errorColumn]: row.misfits.flatMap(({ column }) => (column === null ? [] : [column])),
    [OWN_COLUMNS.error]: row.misfits.map(({ reason }) => reason),
    [OWN_COLUMNS.importId]: importId,
    [OWN_COLUMNS.row]: row.line,
  };
}

export function quarantineInsert(
  quarantine: string,
  fields: readonly Field[],
  filePath: string,
  token: string,
): string {
  const names = [
    OWN_COLUMNS.errorColumn,
    OWN_COLUMNS.error,
    OWN_COLUMNS.importId,
    OWN_COLUMNS.row,
    ...fields.map((field) => field.column.name),
  ];
  const columns = names.map(identifier).join(", ");
  const structure = [
    `${OWN_COLUMNS.errorColumn} Array(String)`,
    `${OWN_COLUMNS.error} Array(String)`,
    `${OWN_COLUMNS.importId} String`,
    `${OWN_COLUMNS.row} String`,
    ...fields.map((field) => `${identifier(field.column.name)} Nullable(String)`),
  ].join(", ");
  return `
INSERT INTO ${quarantine} (${columns})
SELECT ${columns}
FROM file(${literal(filePath)}, 'JSONEachRow', ${literal(structure)})
SETTINGS ${BLOCK_SETTINGS.join(", ")}, insert_deduplication_token = ${literal(token)}`;
}
