import { bareNamesOfWith, bindAliases, reachability } from "./bindings.ts";
import { readExpressions } from "./expressions.ts";
import { isQuery, isSetOperator, type Keywords, markKeywords } from "./keywords.ts";
import { isNamed, newScope, type Scope, type TableFunction, type TableReference } from "./scope.ts";
import { readSources } from "./sources.ts";
import { isName, isParentheses, isWord, type SqlNode, splitAtCommas, unquote } from "./tree.ts";

/** The tables that a query reads, in order of their place, without those that it defines itself. */
export function referencesOfQuery(nodes: readonly SqlNode[], functions: TableFunction[]): TableReference[] {
  return readQuery(nodes, functions).flat();
}

/** The references of each query of a UNION. The WITH clause of the first also serves those that have none. */
function readQuery(nodes: readonly SqlNode[], functions: TableFunction[]): TableReference[][] {
  const parts = splitAtSetOperators(nodes);
  const branches = parts.map((part) => readBranch(part, functions, parts.length > 1));
  const shared = branches[0]?.tables ?? new Set();
  return branches.map(({ references, hasWith }, index) =>
    index === 0 || hasWith ? references : references.filter((each) => !isNamed(each, shared)),
  );
}

function splitAtSetOperators(nodes: readonly SqlNode[]): readonly (readonly SqlNode[])[] {
  const marks = markKeywords(nodes, "start");
  const branches: SqlNode[][] = [[]];
  nodes.forEach((node, index) => {
    if (marks.has(index) && isSetOperator(nodes, index)) branches.push([]);
    else branches.at(-1)?.push(node);
  });
  return branches;
}

interface Branch {
  readonly references: TableReference[];
  /** It has a WITH clause of its own, and so does not share that of the first. */
  readonly hasWith: boolean;
  /** The common table expressions of its WITH clause. */
  readonly tables: ReadonlySet<string>;
}

function readBranch(branch: readonly SqlNode[], functions: TableFunction[], isPart: boolean): Branch {
  const nodes = isWord(branch[0], "ALL", "DISTINCT") ? branch.slice(1) : branch;
  const marks = markKeywords(nodes, "start");
  const scope = newScope(functions);
  const hasWith = marks.get(0) === "WITH";
  const body = hasWith ? indexOfKeyword(marks, 1, nodes.length, ["SELECT", "FROM"]) : 0;
  const tables = hasWith ? readWith(nodes.slice(0, body), scope) : new Map<string, TableReference[]>();
  // IN within the expressions of WITH does not always see its named queries.
  const ofWith = scope.references.splice(0);
  readBody(nodes, marks, body, scope);
  const ofBody = bindAliases(scope, [...scope.references]).filter((each) => !isNamed(each, tables));
  const bareNames = bareNamesOfWith(scope, isPart ? null : [...ofWith, ...scope.references], tables);
  const references = [...[...tables.values()].flat(), ...bindAliases(scope, ofWith), ...ofBody, ...bareNames];
  return { references, hasWith: hasWith || opensWith(nodes[0]), tables: new Set(tables.keys()) };
}

/** A query in parentheses with a WITH clause somewhere. */
function opensWith(node: SqlNode | undefined): boolean {
  return isParentheses(node) && node.nodes.some((each) => isWord(each, "WITH") || opensWith(each));
}

function readBody(nodes: readonly SqlNode[], marks: Keywords, from: number, scope: Scope): void {
  let at = from;
  while (at < nodes.length) {
    const clause = indexOfKeyword(marks, at, nodes.length, ["FROM"]);
    readExpressions(nodes, marks, at, clause, scope);
    at = clause < nodes.length ? readSources(nodes, marks, clause + 1, scope) : clause;
  }
}

function indexOfKeyword(marks: Keywords, from: number, to: number, words: readonly string[]): number {
  for (let index = from; index < to; index++) {
    if (words.includes(marks.get(index) ?? "")) return index;
  }
  return to;
}

/** Reads `WITH name AS (query), expression AS name`: what each query reads beyond the others. */
function readWith(nodes: readonly SqlNode[], scope: Scope): Map<string, TableReference[]> {
  const recursive = isWord(nodes[1], "RECURSIVE") && !isWord(nodes[2], "AS");
  const read = new Map<string, TableReference[]>();
  for (const element of splitAtCommas(nodes.slice(recursive ? 2 : 1))) {
    const query = element.at(-1);
    const name = element[0];
    if (isName(name) && isQuery(query) && isParentheses(query) && definesTable(element)) {
      const table = unquote(name);
      const references = readNamed(query.nodes, recursive ? table : null, scope.functions);
      read.set(table, [...(read.get(table) ?? []), ...references]);
    } else {
      const marks = markKeywords(element, "expression");
      readExpressions(element, marks, 0, element.length, scope, "with");
    }
  }
  return dropDefined(read);
}

/**
 * A recursive query is a UNION ALL: its first part starts it and reads the table of its name, if there is one; in the
 * others the name is the query itself.
 */
function readNamed(
  nodes: readonly SqlNode[],
  recursive: string | null,
  functions: TableFunction[],
): TableReference[] {
  const [first = [], ...others] = readQuery(nodes, functions);
  const isUnion = nodes.every((node, index) => !isWord(node, "UNION") || isWord(nodes[index + 1], "ALL"));
  const mixes = nodes.some((node) => isWord(node, "EXCEPT", "INTERSECT"));
  if (recursive === null || !isUnion || mixes) return [...first, ...others.flat()];
  const own = new Set([recursive]);
  return [...first, ...others.flat().filter((each) => !isNamed(each, own))];
}

/** `name AS (…)`, `name (a, b) AS (…)`, `name AS MATERIALIZED (…)`. */
function definesTable(element: readonly SqlNode[]): boolean {
  const as = isParentheses(element[1]) ? 2 : 1;
  const query = isWord(element[as + 1], "MATERIALIZED") ? as + 2 : as + 1;
  return isWord(element[as], "AS") && query === element.length - 1;
}

/**
 * Takes away the references of the named queries to each other. A query does not see itself: within
 * `WITH posts AS (SELECT * FROM posts)` the name is the real table, and so it is for every name on a circle.
 */
function dropDefined(read: ReadonlyMap<string, TableReference[]>): Map<string, TableReference[]> {
  const reached = reachability(read.keys(), (name) =>
    (read.get(name) ?? []).filter((each) => isNamed(each, read)).map(({ table }) => table),
  );
  return new Map(
    [...read].map(([name, references]) => [
      name,
      references.filter(
        (each) => !isNamed(each, read) || each.table === name || reached.get(each.table)?.has(name),
      ),
    ]),
  );
}
