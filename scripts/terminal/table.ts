import Table from "cli-table3";

export type Column = { readonly name: string; readonly type: string };
export type Rows = readonly Readonly<Record<string, unknown>>[];

/** Widest cell, in characters; longer values end in an ellipsis. */
const MAX_CELL = 44;
const NUMBER_TYPE = /^(Nullable\(|LowCardinality\()*(U?Int\d+|Float\d+|Decimal)/;

/** The rows as a table for a terminal: numbers to the right, lists joined by commas, long texts cut. No colours. */
export function renderTable(columns: readonly Column[], rows: Rows): string {
  const table = new Table({
    head: columns.map((column) => column.name),
    colAligns: columns.map((column) => (NUMBER_TYPE.test(column.type) ? "right" : "left")),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(columns.map((column) => cut(cellText(row[column.name]))));
  return table.toString();
}

/** A table on a terminal, one line of JSON elsewhere. */
export function renderRows(columns: readonly Column[], rows: Rows, isTerminal: boolean): string {
  return isTerminal ? renderTable(columns, rows) : JSON.stringify(rows);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && !Number.isInteger(value)) return String(Math.round(value * 1_000) / 1_000);
  if (Array.isArray(value)) return value.map(cellText).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Control characters could move the cursor or colour the terminal: they are shown as spaces. */
function cut(text: string): string {
  const plain = text.replace(/\p{Cc}+/gu, " ");
  const characters = [...plain];
  return characters.length <= MAX_CELL ? plain : `${characters.slice(0, MAX_CELL - 1).join("")}…`;
}
