import type { Engine } from "./engine/engine.ts";

/** How many rows of a table a condition names. Without an alias, which could be the name of a column that it reads. */
export async function countRows(engine: Engine, table: string, condition: string): Promise<number> {
  const sql = `SELECT count() FROM ${table} WHERE (${condition}\n)`;
  const { bytes } = await engine.query(sql, { format: "TSV" });
  return Number(new TextDecoder().decode(bytes));
}
