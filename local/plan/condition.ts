import { fault } from "../errors.ts";
import { checkSelect } from "./guard/select.ts";
import { parseTree } from "./sql/tree.ts";
import { readTables } from "./tables.ts";

/**
 * Lets a condition through that looks only at the rows of one table: `delete_condition`, `replace_condition`.
 * @throws TinybirdError BAD_CONDITION, and what the gate for SELECTs throws
 */
export function checkCondition(condition: string): void {
  const nodes = parseTree(condition);
  if (nodes.length === 0) throw fault("BAD_CONDITION", "it is empty");
  const select = `SELECT 1 WHERE (${condition}\n)`;
  checkSelect(select);
  const [table] = readTables(select).filter(({ position }) => position !== "in");
  if (table !== undefined) throw fault("BAD_CONDITION", `it reads '${table.table}'`);
}
