/** An answer of the test client. */
export type Answered = { readonly status: number; readonly body: string };

/** Rows in the format asked for, by its name in a path (`csv`) or in SQL (`CSVWithNames`); 400 for one that is not written here. */
export function printed(rows: readonly object[], format: string): Answered {
  const print = PRINTERS[format.toLowerCase()];
  if (print !== undefined) return { status: 200, body: print(rows) };
  const error = `the test client does not write the format ${format}`;
  return { status: 400, body: JSON.stringify({ error }) };
}

type Printer = (rows: readonly object[]) => string;

const json: Printer = (rows) => {
  const meta = Object.keys(rows[0] ?? {}).map((name) => ({ name, type: "String" }));
  const statistics = { elapsed: 0, rows_read: 0, bytes_read: 0 };
  return JSON.stringify({ meta, data: rows, rows: rows.length, statistics });
};

const ndjson: Printer = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** With a header row, as the service writes it. */
const csv: Printer = (rows) => {
  const names = Object.keys(rows[0] ?? {});
  return [names, ...rows.map((row) => Object.values(row))].map(csvLine).join("");
};

const csvLine = (values: readonly unknown[]) => `${values.map(csvValue).join(",")}\n`;

const csvValue = (value: unknown): string => {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `"${text.replaceAll('"', '""')}"`;
};

const PRINTERS: Readonly<Record<string, Printer>> = {
  json,
  ndjson,
  jsoneachrow: ndjson,
  csv,
  csvwithnames: csv,
};
