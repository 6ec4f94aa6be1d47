import { identifier, literal } from "../engine/literal.ts";
import { type CanonicalRow, canonicalRow, type Misfit } from "./canonical.ts";
import { INSERT_SETTINGS } from "./direct.ts";
import { type Field, fitsSql, type JsonField, valueSql } from "./field.ts";

/** A row with its text, its place in the segment, and what is wrong with it. */
export interface SiftedRow extends CanonicalRow {
  readonly line: string;
  readonly position: number;
}

/** Reads lines one by one; the types of what was read are still unchecked. */
export function readLines(lines: readonly string[], fields: readonly JsonField[]): SiftedRow[] {
  return lines.map((line, position) => ({ line, position, ...canonicalRow(line, fields) }));
}

/** Rows as a file that `siftedFrom` reads back: texts by position, so that no key can be in the way. */
export function siftedFile(rows: readonly SiftedRow[]): string {
  return rows.map((row, number) => `${JSON.stringify(landed(row, number))}\n`).join("");
}

function landed(row: SiftedRow, number: number): Record<string, unknown> {
  const texts = row.texts.map((text, i) => [
    landingName(i),
    Array.isArray(text) ? JSON.stringify(text) : text,
  ]);
  return { [ROW_NUMBER]: number, ...Object.fromEntries(texts) };
}

const ROW_NUMBER = "row_number";

/** The numbers of the rows with a value that does not fit its type, each with the positions of those fields. */
export function misfitQuery(filePath: string, fields: readonly Field[]): string {
  const checks = fields.flatMap((field, i) => {
    const fits = fitsSql(field, landedSql(field, i));
    return fits === null ? [] : [`if(isNull(${landingName(i)}) OR ${fits}, -1, ${i})`];
  });
  return `
SELECT ${ROW_NUMBER}, arrayFilter(field -> field >= 0, [${["-1", ...checks].join(",\n  ")}]) AS fields
FROM ${siftedFrom(filePath, fields)}
WHERE notEmpty(fields)
ORDER BY ${ROW_NUMBER}`;
}

/** Writes rows that were checked. */
export function siftedInsert(
  table: string,
  fields: readonly Field[],
  filePath: string,
  token: string,
): string {
  const columns = fields.map((field) => identifier(field.column.name)).join(", ");
  const values = fields.map((field, i) => siftedValue(field, i)).join(",\n  ");
  return `
INSERT INTO ${table} (${columns})
SELECT
  ${values}
FROM ${siftedFrom(filePath, fields)}
SETTINGS ${INSERT_SETTINGS.join(", ")}, insert_deduplication_token = ${literal(token)}`;
}

/** The words for a value that does not fit. */
export function misfitOf(row: SiftedRow, field: Field, position: number): Misfit {
  const text = row.texts[position];
  const shown = typeof text === "string" ? text : JSON.stringify(text ?? null);
  return {
    column: field.column.name,
    reason: `value '${shown}' on column '${field.column.name}' is not ${field.column.type}`,
  };
}

/** A list with a DEFAULT takes it where there is none. */
function siftedValue(field: Field, position: number): string {
  const value = valueSql(field, landedSql(field, position));
  const fallback = field.isList ? field.column.defaultExpression : null;
  return fallback === null ? value : `if(isNull(${landingName(position)}), ${fallback}, ${value})`;
}

function landedSql(field: Field, position: number): string {
  const name = landingName(position);
  return field.isList ? `JSONExtract(ifNull(${name}, '[]'), 'Array(Nullable(String))')` : name;
}

function siftedFrom(filePath: string, fields: readonly Field[]): string {
  const texts = fields.map((_, i) => `${landingName(i)} Nullable(String)`);
  const structure = [`${ROW_NUMBER} UInt32`, ...texts].join(", ");
  return `file(${literal(filePath)}, 'JSONEachRow', ${literal(structure)})`;
}

function landingName(position: number): string {
  return `landed_${position}`;
}
