import type { Cursor } from "./cursor.ts";
import type { Expression } from "./nodes.ts";
import { parseOperand, parseOr, startsExpression } from "./parser.ts";

/** The part from `for` on; the element before it is already read. */
export function parseComprehension(
  cursor: Cursor,
  start: number,
  makes: "list" | "set" | "dict" | "generator",
  key: Expression | undefined,
  element: Expression,
): Expression {
  const generators: Expression[] = [];
  while (cursor.sees("for")) generators.push(parseGenerator(cursor));
  return cursor.node(start, {
    kind: "comprehension",
    makes,
    key,
    element,
    generators: generators.filter((node) => node.kind === "generator"),
  });
}

function parseGenerator(cursor: Cursor): Expression {
  const { start } = cursor.advance();
  const target = parseTarget(cursor);
  cursor.expect("in");
  const iterable = parseOr(cursor);
  const conditions: Expression[] = [];
  while (cursor.takes("if")) conditions.push(parseOr(cursor));
  return cursor.node(start, { kind: "generator", target, iterable, conditions });
}

/** `a`, `a, b`, `(a, b)`, `d['k']`: what a loop or an assignment fills. */
export function parseTarget(cursor: Cursor) {
  const { start } = cursor.token;
  const items = [parseOperand(cursor)];
  while (cursor.takes(",") && startsExpression(cursor)) items.push(parseOperand(cursor));
  const [only] = items;
  if (items.length === 1 && only !== undefined) return asTarget(cursor, only);
  return asTarget(cursor, cursor.node(start, { kind: "tuple", items, bare: true }));
}

/** The expression as a target, if names, indexed values and rows of them are all it holds. */
export function asTarget(cursor: Cursor, node: Expression) {
  if (node.kind === "name" || (node.kind === "index" && node.at.kind !== "slice")) return node;
  if (node.kind === "tuple" || node.kind === "list") {
    for (const item of node.items) asTarget(cursor, item);
    return node;
  }
  throw cursor.unexpected(`a name to assign to instead of '${node.source}'`);
}
