import { referencesOfQuery } from "./sql/query.ts";
import type { TableFunction, TableReference } from "./sql/scope.ts";
import { referencesOfSources } from "./sql/sources.ts";
import { isPunctuation, isWord, parseTree, type SqlNode } from "./sql/tree.ts";

export type { TableFunction, TableReference } from "./sql/scope.ts";

/**
 * Every table that a statement reads, in order of its place: in FROM and JOIN, in queries anywhere, behind IN, in
 * joinGet. Common table expressions, aliases and table functions are none.
 *
 * A bare name behind IN can also be a column, which the text alone does not tell: `tag IN tags`. It is listed
 * (`position: "in"`), and is a column when there is no table of that name.
 * @throws TinybirdError (SQL_SYNTAX) for text that has no tokens or brackets that make sense.
 */
export function readTables(sql: string): readonly TableReference[] {
  return readStatements(sql).references;
}

/** The table functions that a statement calls, `numbers(10)`, in order of their place. */
export function readTableFunctions(sql: string): readonly TableFunction[] {
  return readStatements(sql).functions;
}

/**
 * Writes other names, or queries in parentheses, in place of the tables that a statement reads; the rest of the text
 * stays. A table of a FROM clause without an alias gets its own name as one, so that `posts.id` still finds it.
 * @param replace the text to write instead; null leaves the name.
 * @throws TinybirdError as `readTables` does.
 */
export function replaceTables(sql: string, replace: (reference: TableReference) => string | null): string {
  return writeTables(sql, readTables(sql), replace);
}

/** The same, for a statement whose tables were read before. */
export function writeTables(
  sql: string,
  references: readonly TableReference[],
  replace: (reference: TableReference) => string | null,
): string {
  let text = sql;
  for (const reference of references.toReversed()) {
    const written = replace(reference);
    if (written === null) continue;
    const alias =
      reference.position === "from" && !reference.aliased ? ` AS ${backquoted(reference.table)}` : "";
    text = `${text.slice(0, reference.start)}${written}${alias}${text.slice(reference.end)}`;
  }
  return text;
}

function backquoted(name: string): string {
  return `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;
}

function readStatements(sql: string): { references: TableReference[]; functions: TableFunction[] } {
  const functions: TableFunction[] = [];
  const references = splitAtSemicolons(parseTree(sql)).flatMap((nodes) => readStatement(nodes, functions));
  return { references: inOrder(references), functions: functions.toSorted((a, b) => a.start - b.start) };
}

/** By place, and each place once: a name that two aliases lead to is found twice. */
function inOrder(references: readonly TableReference[]): TableReference[] {
  const byStart = new Map(references.map((reference) => [reference.start, reference]));
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

/** The statements of a text, without the empty ones. */
export function splitAtSemicolons(nodes: readonly SqlNode[]): readonly (readonly SqlNode[])[] {
  const statements: SqlNode[][] = [[]];
  for (const node of nodes) {
    if (isPunctuation(node, ";")) statements.push([]);
    else statements.at(-1)?.push(node);
  }
  return statements.filter((statement) => statement.length > 0);
}

function readStatement(nodes: readonly SqlNode[], functions: TableFunction[]): TableReference[] {
  if (!isWord(nodes[0], "DESCRIBE", "DESC")) return referencesOfQuery(nodes, functions);
  const rest = nodes.slice(isWord(nodes[1], "TABLE") ? 2 : 1);
  return isWord(rest[0], "SELECT", "WITH", "FROM")
    ? referencesOfQuery(rest, functions)
    : referencesOfSources(rest, functions);
}
