import type { Engine } from "./engine/engine.ts";

/** How many rows of a table a condition names. Without an alias, which could be the name of a column that it reads. */
export async function countRows(engine: Engine, table: string, condition: string): Promise<number> {
  const sql = `SELECT count() FROM ${table} WHERE (${condition}\n)`;
  const { bytes } = await engine.query(sql, { format: "TSV" });
  return Number(new TextDecoder().decode(bytes));
}

/** Rows that came, by the counts before and after; none when the table, which may replace rows, merged more of them away meanwhile. */
export function rowsAdded(before: number, after: number): number {
  return Math.max(0, after - before);
}
