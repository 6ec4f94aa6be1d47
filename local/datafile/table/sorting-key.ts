import type { Column } from "../schema/column.ts";
import { type DataType, readDataType } from "../types/data-type.ts";

/** Aggregate functions that people put in a sorting key; those with Merge after the name too. */
const AGGREGATE_CALL = /\b(?:sum|count|avg|min|max|any|groupArray|groupUniqArray|uniq)(?:Merge)?\s*\(/i;

/** A column's name, bare or in backticks. */
const COLUMN = /^(?:([A-Za-z_][\w.]*)|`([^`]+)`)$/;

/** Why a sorting key cannot work with these columns, or null. Unknown columns are left to ClickHouse. */
export function checkSortingKey(key: string, columns: readonly Column[]): string | null {
  const byName = new Map(columns.map((column) => [column.name, column]));
  for (const element of splitTopLevel(key)) {
    const problem = checkAggregateCall(element) ?? checkColumns(columnsOf(element), byName);
    if (problem !== null) return problem;
  }
  return null;
}

/** Why the version column of a ReplacingMergeTree cannot be in its sorting key; a plain search in the key's text. */
export function checkVersionColumn(ver: string, key: string): string | null {
  if (!key.includes(ver)) return null;
  return (
    `ENGINE_VER column '${ver}' cannot be included in the sorting key for ReplacingMergeTree. Including the version ` +
    "column in the sorting key prevents deduplication because rows with different versions will have different " +
    "sorting keys and won't be considered duplicates. The sorting key should define the record identity (what makes " +
    "it unique), while ENGINE_VER tracks which version to keep."
  );
}

function checkAggregateCall(element: string): string | null {
  const text = maskQuoted(element);
  const call = AGGREGATE_CALL.exec(text);
  if (call === null) return null;
  const expression = element.slice(call.index, closingOf(text, call.index + call[0].length));
  return `Sorting key contains aggregate function expression '${expression}'. Aggregate function expressions cannot be used in sorting keys.`;
}

function checkColumns(names: readonly string[], columns: ReadonlyMap<string, Column>): string | null {
  for (const name of names) {
    const column = columns.get(name);
    if (column === undefined) continue;
    if (column.nullable || column.type.includes("Nullable(")) {
      return `Sorting key contains nullable column '${name}'. Nullable columns cannot be used in sorting keys.`;
    }
    if (/^(Simple)?AggregateFunction\b/.test(column.type)) {
      return `Sorting key contains column '${name}' with AggregateFunction type. AggregateFunction columns cannot be used in sorting keys.`;
    }
  }
  return null;
}

/** The columns an element names: itself, or the direct arguments of its call; deeper ones are not looked into. */
function columnsOf(element: string): readonly string[] {
  const inner = /^\w*\s*\((.*)\)$/s.exec(element)?.[1];
  return splitTopLevel(inner ?? element).flatMap((part) => {
    const [, bare, quoted] = COLUMN.exec(part) ?? [];
    return bare ?? quoted ?? [];
  });
}

/** Cuts at the commas outside parentheses and quotes; parts are trimmed. */
function splitTopLevel(text: string): readonly string[] {
  const masked = maskQuoted(text);
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const char = masked[index];
    if (char === "(" || char === "[") depth++;
    if (char === ")" || char === "]") depth--;
    if (char !== "," || depth > 0) continue;
    parts.push(text.slice(start, index).trim());
    start = index + 1;
  }
  return [...parts, text.slice(start).trim()];
}

function maskQuoted(text: string): string {
  return text.replace(/'[^']*'/g, (quoted) => " ".repeat(quoted.length));
}

/** The index after the parenthesis that closes the one before `start`. */
function closingOf(text: string, start: number): number {
  let depth = 1;
  let index = start;
  for (; index < text.length && depth > 0; index++) {
    if (text[index] === "(") depth++;
    if (text[index] === ")") depth--;
  }
  return index;
}

/** Families in the order in which the service prefers them for a key that is not given. */
const PREFERRED: readonly RegExp[] = [/^Date/, /^(U?Int|Float|BFloat|Decimal)/, /^(Fixed)?String$/];

/** The key of a data source that names none: its first date or time, else number, else text; never a nullable one. */
export function defaultSortingKey(columns: readonly Column[]): string {
  const families = columns
    .filter((column) => !column.nullable)
    .map((column) => ({ name: column.name, family: storedFamily(column.type) }));
  for (const preferred of PREFERRED) {
    const found = families.find(({ family }) => preferred.test(family));
    if (found !== undefined) return /^[A-Za-z_]\w*$/.test(found.name) ? found.name : `\`${found.name}\``;
  }
  return "tuple()";
}

/** The family of a type, that of the values for LowCardinality; empty when it cannot be a key. */
function storedFamily(text: string): string {
  const read = readDataType(text);
  return read.ok ? unwrapped(read.type) : "";
}

function unwrapped(type: DataType): string {
  const [first] = type.arguments;
  return type.family === "LowCardinality" && first?.kind === "type" ? first.type.family : type.family;
}
