import { bindAliases } from "./bindings.ts";
import { readExpressions } from "./expressions.ts";
import { isQuery, type Keywords, markKeywords } from "./keywords.ts";
import { referencesOfQuery } from "./query.ts";
import {
  addInner,
  CLAUSES,
  newScope,
  reference,
  type Scope,
  type TableFunction,
  type TableReference,
} from "./scope.ts";
import {
  type CompoundName,
  compoundName,
  isName,
  isParentheses,
  isPunctuation,
  isWord,
  type SqlNode,
  unquote,
} from "./tree.ts";

/** The tables in a list as it may stand behind FROM. */
export function referencesOfSources(nodes: readonly SqlNode[], functions: TableFunction[]): TableReference[] {
  const scope = newScope(functions);
  readSources(nodes, markKeywords(nodes, "from"), 0, scope);
  return bindAliases(scope, scope.references);
}

/** Reads tables, joins and their conditions up to the next clause. @returns the index of that clause. */
export function readSources(nodes: readonly SqlNode[], marks: Keywords, from: number, scope: Scope): number {
  let at = readSource(nodes, marks, from, scope);
  while (at < nodes.length) {
    const keyword = marks.get(at) ?? null;
    if (isPunctuation(nodes[at], ",") || keyword === "JOIN") at = readSource(nodes, marks, at + 1, scope);
    else if (keyword === "ON") at = readCondition(nodes, marks, at + 1, scope, true);
    else if (keyword === "ARRAY") at = readCondition(nodes, marks, at + 2, scope, false);
    else if (keyword === "USING" && !isParentheses(nodes[at + 1])) {
      at = readCondition(nodes, marks, at + 1, scope, false);
    } else if (keyword !== null && CLAUSES.has(keyword)) return at;
    else at = readExpressions(nodes, marks, at, at + 1, scope);
  }
  return at;
}

/** Expressions up to the next join, clause or, with `toComma`, comma. @returns where they end. */
function readCondition(
  nodes: readonly SqlNode[],
  marks: Keywords,
  from: number,
  scope: Scope,
  toComma: boolean,
): number {
  let to = from;
  while (to < nodes.length && !endsCondition(marks.get(to)) && !(toComma && isPunctuation(nodes[to], ",")))
    to++;
  // A condition, and ARRAY JOIN, do not know every alias of the query, nor does the query know all of theirs.
  const condition = newScope(scope.functions);
  readExpressions(nodes, marks, from, to, condition);
  addInner(scope, condition.references);
  return to;
}

function endsCondition(keyword: string | undefined): boolean {
  return keyword !== undefined && (keyword === "JOIN" || keyword === "ARRAY" || CLAUSES.has(keyword));
}

/** One table, table function, query or list of joins, with its alias. @returns the index behind them. */
function readSource(nodes: readonly SqlNode[], marks: Keywords, from: number, scope: Scope): number {
  const node = nodes[from];
  if (node === undefined) return from;
  if (isParentheses(node)) {
    const read = isQuery(node) ? referencesOfQuery : referencesOfSources;
    addInner(scope, read(node.nodes, scope.functions));
    return skipAlias(nodes, marks, from + 1, scope);
  }
  const name = compoundName(nodes, from) ?? literalName(node, from);
  if (name === null) return readExpressions(nodes, marks, from, from + 1, scope);
  const call = nodes[name.next];
  if (isParentheses(call)) {
    scope.functions.push({ name: fullName(name), start: name.start, end: call.end });
    readArguments(call.nodes, scope);
    return skipAlias(nodes, marks, name.next + 1, scope);
  }
  const next = skipAlias(nodes, marks, name.next, scope);
  if (next === name.next) scope.sources.add(name.table);
  scope.references.push(reference(name, "from", next !== name.next));
  return next;
}

/** ClickHouse takes a string, or a parameter, for the name of a table. */
function literalName(node: SqlNode, at: number): CompoundName | null {
  if (node.kind !== "string" && node.kind !== "parameter") return null;
  const table = node.kind === "string" ? unquote(node) : node.text;
  return { database: null, table, start: node.start, end: node.end, next: at + 1 };
}

function fullName(name: CompoundName): string {
  return name.database === null ? name.table : `${name.database}.${name.table}`;
}

/** Skips `AS alias`, `alias` and the list of columns behind it. */
function skipAlias(nodes: readonly SqlNode[], marks: Keywords, from: number, scope: Scope): number {
  const at = marks.get(from) === "AS" ? from + 1 : from;
  const alias = nodes[at];
  if (!isName(alias) || marks.has(at)) return from;
  scope.sources.add(unquote(alias));
  return isParentheses(nodes[at + 1]) ? at + 2 : at + 1;
}

/** The arguments of a table function are no part of the query around it: their aliases do not count. */
function readArguments(nodes: readonly SqlNode[], scope: Scope): void {
  const [first] = nodes;
  if (isWord(first, "SELECT", "WITH", "FROM")) {
    addInner(scope, referencesOfQuery(nodes, scope.functions));
    return;
  }
  const inner = newScope(scope.functions);
  readExpressions(nodes, markKeywords(nodes, "expression"), 0, nodes.length, inner);
  addInner(scope, inner.references);
}
