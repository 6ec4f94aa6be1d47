import { isQuery, type Keywords, markKeywords } from "./keywords.ts";
import { referencesOfQuery } from "./query.ts";
import { addInner, CLAUSES, isNamed, type Place, reference, type Scope } from "./scope.ts";
import type { Token } from "./tokens.ts";
import {
  type CompoundName,
  compoundName,
  isName,
  isParentheses,
  isPunctuation,
  isWord,
  type SqlNode,
  splitAtCommas,
  unquote,
} from "./tree.ts";

/** The operator IN, written as a function: its second argument may be a table. */
const IN_FUNCTION = /^(?:global)?(?:not)?(?:null)?in(?:ignoreset)?$/i;
const JOIN_GET = /^joinget(?:ornull)?$/i;

/** Calls in which AS names a type or a column, and no alias. */
const NO_ALIAS_WITHIN = ["CAST", "TRY_CAST", "REPLACE"];

/** Finds queries, IN and joinGet in a stretch of expressions. @returns `to`. */
export function readExpressions(
  nodes: readonly SqlNode[],
  marks: Keywords,
  from: number,
  to: number,
  scope: Scope,
  place: Place = "query",
): number {
  let lambda: Lambda | null = null;
  let section: string | null = null;
  for (let at = from; at < to; at++) {
    const node = nodes[at];
    const keyword = marks.get(at);
    if (keyword !== undefined && CLAUSES.has(keyword)) section = keyword;
    if (isPunctuation(node, ",") || keyword === "AS" || section === keyword)
      lambda = closeLambda(lambda, scope);
    if (isPunctuation(node, "->")) lambda = openLambda(lambda, nodes[at - 1], scope);
    else if (keyword === "IN") readTableOfIn(nodes, at + 1, scope);
    else if (keyword === "AS" && section !== "WINDOW") readAlias(nodes, marks, from, at, scope, place);
    else if (node?.kind === "group") readGroup(nodes, at, scope, place);
  }
  closeLambda(lambda, scope);
  return to;
}

/** The names that a lambda binds, and how many references there were before its body. */
interface Lambda {
  readonly names: Set<string>;
  readonly since: number;
}

function openLambda(lambda: Lambda | null, parameters: SqlNode | undefined, scope: Scope): Lambda {
  const names = lambda?.names ?? new Set();
  const nodes = parameters?.kind === "group" ? parameters.nodes : [parameters];
  for (const node of nodes) if (isName(node)) names.add(unquote(node));
  return lambda ?? { names, since: scope.references.length };
}

function closeLambda(lambda: Lambda | null, scope: Scope): null {
  if (lambda !== null) {
    const body = scope.references.splice(lambda.since);
    scope.references.push(...body.filter((each) => each.position !== "in" || !isNamed(each, lambda.names)));
  }
  return null;
}

function readGroup(nodes: readonly SqlNode[], at: number, scope: Scope, place: Place): void {
  const group = nodes[at];
  if (group?.kind !== "group") return;
  if (isQuery(group)) {
    addInner(scope, referencesOfQuery(group.nodes, scope.functions));
    return;
  }
  const before = nodes[at - 1];
  const name = isName(before) && isParentheses(group) ? unquote(before) : "";
  if (IN_FUNCTION.test(name)) readTableOfIn(splitAtCommas(group.nodes)[1] ?? [], 0, scope);
  if (JOIN_GET.test(name)) readJoinGet(group.nodes, scope);
  const inner = NO_ALIAS_WITHIN.includes(name.toUpperCase()) ? { ...scope, aliases: new Map() } : scope;
  const marks = withoutPositionIn(name, markKeywords(group.nodes, "expression"));
  readExpressions(group.nodes, marks, 0, group.nodes.length, inner, place);
}

/** In `position(needle IN haystack)` the word is no operator. */
function withoutPositionIn(name: string, marks: Keywords): Keywords {
  const first = [...marks].find(([, keyword]) => keyword === "IN");
  if (first === undefined || !/^position$/i.test(name)) return marks;
  return new Map([...marks].filter(([index]) => index !== first[0]));
}

/** `x IN vip`, `x IN db.vip`, `x IN (vip)`; in a longer expression the name is a column. */
function readTableOfIn(nodes: readonly SqlNode[], from: number, scope: Scope): void {
  const group = nodes[from];
  if (isParentheses(group)) {
    const [name, behind] = [compoundName(group.nodes, 0), group.nodes.length];
    const as = name !== null && isWord(group.nodes[name.next], "AS") ? name.next + 2 : name?.next;
    if (isParentheses(group.nodes[0]) && behind === 1) readTableOfIn(group.nodes, 0, scope);
    else if (name !== null && as === behind) scope.references.push(reference(name, "in", false));
    return;
  }
  const name = compoundName(nodes, from);
  if (name === null || isPartOfExpression(nodes[name.next])) return;
  scope.references.push(reference(name, "in", false));
}

function isPartOfExpression(next: SqlNode | undefined): boolean {
  return next?.kind === "group" || isPunctuation(next, "::", "+", "-", "*", "/", "%", "||", ".", "->");
}

/** The first argument of joinGet, a name or a string with one. */
function readJoinGet(nodes: readonly SqlNode[], scope: Scope): void {
  const [first] = nodes;
  const name = compoundName(nodes, 0);
  if (name !== null) scope.references.push(reference(name, "join-get", false));
  else if (first?.kind === "string") scope.references.push(reference(nameInString(first), "join-get", false));
}

function nameInString(token: Token): CompoundName {
  const text = unquote(token);
  const dot = text.indexOf(".");
  const database = dot === -1 ? null : text.slice(0, dot);
  return { database, table: text.slice(dot + 1), start: token.start, end: token.end, next: 1 };
}

/** Notes an alias; in WITH also the bare name that it stands for, because IN can read a table by it. */
function readAlias(
  nodes: readonly SqlNode[],
  marks: Keywords,
  from: number,
  as: number,
  scope: Scope,
  place: Place,
): void {
  const alias = nodes[as + 1];
  if (!isName(alias)) return;
  let first = as;
  while (first > from && !isPunctuation(nodes[first - 1], ",") && !isClauseOrAs(marks.get(first - 1)))
    first--;
  const named = nodes.slice(first, as);
  dropInnerAlias(named, scope);
  scope.aliases.set(unquote(alias), { start: named[0]?.start ?? alias.start, end: alias.start, place });
  const name = place === "with" ? soleName(named) : null;
  if (name !== null) scope.bareNames.push({ alias: unquote(alias), name });
}

function isClauseOrAs(keyword: string | undefined): boolean {
  return keyword !== undefined && (keyword === "AS" || CLAUSES.has(keyword));
}

/** An expression has one alias: in `(1 AS a) AS b` the inner one is forgotten. */
function dropInnerAlias(named: readonly SqlNode[], scope: Scope): void {
  const group = named.at(-1);
  if (!isParentheses(group) || group.nodes.some((node) => isPunctuation(node, ","))) return;
  const inner = group.nodes.at(-1);
  if (isName(inner) && isWord(group.nodes.at(-2), "AS")) scope.aliases.delete(unquote(inner));
  dropInnerAlias(group.nodes, scope);
}

function soleName(nodes: readonly SqlNode[]): CompoundName | null {
  const [first] = nodes;
  if (isParentheses(first) && nodes.length === 1) return soleName(first.nodes);
  const name = compoundName(nodes, 0);
  return name !== null && name.next === nodes.length ? name : null;
}
