import Table from "cli-table3";

export type Column = { readonly name: string; readonly type: string };
/** What standard output tells of itself. */
export type Screen = { readonly isTTY?: boolean; readonly columns?: number };
export type Rows = readonly Readonly<Record<string, unknown>>[];

/** Widest cell, in characters; longer values end in an ellipsis. */
const MAX_CELL = 44;
/** A text column is made no narrower than this to fit the terminal. */
const MIN_CELL = 10;
/** Characters that a column takes besides its cells: a border and a space on each side. */
const FRAME = 3;
const NUMBER_TYPE = /^(Nullable\(|LowCardinality\()*(U?Int\d+|Float\d+|Decimal)/;

/**
 * The rows as a table for a terminal: numbers to the right, lists joined by commas, long texts cut. No colours.
 * @param width Characters of a line of the terminal; the widest texts are cut until the table fits.
 */
export function renderTable(
  columns: readonly Column[],
  rows: Rows,
  width = Number.POSITIVE_INFINITY,
): string {
  const cells = rows.map((row) => columns.map(({ name }) => plainText(row[name])));
  const widths = fitted(columns, cells, width);
  const table = new Table({
    head: columns.map((column) => column.name),
    colAligns: columns.map((column) => (isNumber(column) ? "right" : "left")),
    style: { head: [], border: [], compact: true },
  });
  for (const row of cells) table.push(row.map((text, i) => cut(text, widths[i] ?? MAX_CELL)));
  return table.toString();
}

/** Widths of the columns; while they are too wide together, the widest text column gives way. */
function fitted(columns: readonly Column[], cells: readonly string[][], width: number): number[] {
  const widths = columns.map(({ name }, i) =>
    Math.min(MAX_CELL, Math.max(name.length, ...cells.map((row) => [...(row[i] ?? "")].length))),
  );
  const floors = columns.map((column, i) =>
    isNumber(column) ? (widths[i] ?? 0) : Math.max(column.name.length, MIN_CELL),
  );
  const total = () => widths.reduce((sum, one) => sum + one + FRAME, 1);
  const spare = () => widths.map((one, i) => (one > (floors[i] ?? 0) ? one : 0));
  while (total() > width) {
    const widest = Math.max(...spare());
    if (widest === 0) break;
    widths[spare().indexOf(widest)] = widest - 1;
  }
  return widths;
}

function isNumber({ type }: Column): boolean {
  return NUMBER_TYPE.test(type);
}

/** A table on a terminal, one line of JSON elsewhere. */
export function renderRows(columns: readonly Column[], rows: Rows, stream: Screen): string {
  return stream.isTTY ? renderTable(columns, rows, stream.columns) : JSON.stringify(rows);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && !Number.isInteger(value)) return String(Math.round(value * 1_000) / 1_000);
  if (Array.isArray(value)) return value.map(cellText).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Control characters could move the cursor or colour the terminal: they are shown as spaces. */
function plainText(value: unknown): string {
  return cellText(value).replace(/\p{Cc}+/gu, " ");
}

function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join("")}…`;
}
