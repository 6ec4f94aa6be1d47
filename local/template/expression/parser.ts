import { parseAtom } from "./atoms.ts";
import type { Cursor } from "./cursor.ts";
import type {
  BinaryOperator,
  Comparator,
  Display,
  Expression,
  Keyword,
  Slice,
  UnaryOperator,
} from "./nodes.ts";

/** Python's binary operators from loosest to tightest; `**` is apart because it groups to the right. */
const BINARY: readonly (readonly BinaryOperator[])[] = [
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "//", "%", "@"],
];

const COMPARATORS: readonly Comparator[] = ["==", "!=", "<", "<=", ">", ">="];

/** One expression: a conditional, or anything that binds tighter. */
export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => {
    const { start } = cursor.token;
    if (cursor.sees("lambda")) return parseLambda(cursor);
    const then = parseOr(cursor);
    if (cursor.takes(":=")) {
      parseExpression(cursor);
      return cursor.node(start, { kind: "unsupported", what: "NamedExpr" });
    }
    if (!cursor.takes("if")) return then;
    const test = parseOr(cursor);
    cursor.expect("else");
    const otherwise = parseExpression(cursor);
    return cursor.node(start, { kind: "conditional", test, then, otherwise });
  });
}

/** An expression, or several with commas between them: a tuple without parentheses. */
export function parseRow(cursor: Cursor): Expression {
  const { start } = cursor.token;
  const first = parseStarred(cursor);
  if (!cursor.sees(",")) return first;
  const items = [first];
  while (cursor.takes(",") && startsExpression(cursor)) items.push(parseStarred(cursor));
  return cursor.node(start, { kind: "tuple", items, bare: true }) satisfies Display;
}

/** An expression, or one with `*` before it, which is then refused by name. */
export function parseStarred(cursor: Cursor): Expression {
  const { start } = cursor.token;
  if (!cursor.takes("*")) return parseExpression(cursor);
  parseOr(cursor);
  return cursor.node(start, { kind: "unsupported", what: "Starred" });
}

/** What may follow `in` and stand in `if` of a comprehension: no conditional, no lambda. */
export function parseOr(cursor: Cursor): Expression {
  return parseLogical(cursor, "or", () => parseLogical(cursor, "and", () => parseNot(cursor)));
}

/** What can stand left of `=`: everything that binds tighter than a comparison. */
export function parseOperand(cursor: Cursor): Expression {
  return parseBinary(cursor, 0);
}

function startsExpression(cursor: Cursor): boolean {
  return cursor.token.kind !== "end" && !cursor.sees(")", "]", "}", "=", ":", ";", "in");
}

function parseLambda(cursor: Cursor): Expression {
  const { start } = cursor.advance();
  while (!cursor.sees(":")) {
    if (cursor.token.kind === "end") throw cursor.unexpected("':'");
    cursor.advance();
  }
  cursor.expect(":");
  parseExpression(cursor);
  return cursor.node(start, { kind: "unsupported", what: "Lambda" });
}

function parseLogical(cursor: Cursor, operator: "and" | "or", operand: () => Expression): Expression {
  const { start } = cursor.token;
  const operands = [operand()];
  while (cursor.takes(operator)) operands.push(operand());
  const [only] = operands;
  if (operands.length === 1 && only !== undefined) return only;
  return cursor.node(start, { kind: "logical", operator, operands });
}

function parseNot(cursor: Cursor): Expression {
  const { start } = cursor.token;
  if (!cursor.takes("not")) return parseComparison(cursor);
  const operand = cursor.nested(() => parseNot(cursor));
  return cursor.node(start, { kind: "unary", operator: "not", operand });
}

function parseComparison(cursor: Cursor): Expression {
  const { start } = cursor.token;
  const first = parseBinary(cursor, 0);
  const operands = [first];
  const comparators: Comparator[] = [];
  for (let next = takeComparator(cursor); next !== undefined; next = takeComparator(cursor)) {
    comparators.push(next);
    operands.push(parseBinary(cursor, 0));
  }
  if (comparators.length === 0) return first;
  return cursor.node(start, { kind: "comparison", operands, comparators });
}

function takeComparator(cursor: Cursor): Comparator | undefined {
  if (cursor.takes("in")) return "in";
  if (cursor.takes("is")) return cursor.takes("not") ? "is not" : "is";
  if (cursor.sees("not")) {
    cursor.advance();
    cursor.expect("in");
    return "not in";
  }
  return COMPARATORS.find((comparator) => cursor.takes(comparator));
}

function parseBinary(cursor: Cursor, level: number): Expression {
  const operators = BINARY[level];
  if (operators === undefined) return parseUnary(cursor);
  const { start } = cursor.token;
  let left = parseBinary(cursor, level + 1);
  for (;;) {
    const operator = operators.find((candidate) => cursor.takes(candidate));
    if (operator === undefined) return left;
    const right = parseBinary(cursor, level + 1);
    left = cursor.node(start, { kind: "binary", operator, left, right });
  }
}

function parseUnary(cursor: Cursor): Expression {
  const { start } = cursor.token;
  const operator = (["-", "+", "~"] as const satisfies UnaryOperator[]).find((sign) => cursor.takes(sign));
  if (operator === undefined) return parsePower(cursor);
  const operand = cursor.nested(() => parseUnary(cursor));
  return cursor.node(start, { kind: "unary", operator, operand });
}

function parsePower(cursor: Cursor): Expression {
  const { start } = cursor.token;
  if (cursor.takes("await")) {
    parsePostfix(cursor);
    return cursor.node(start, { kind: "unsupported", what: "Await" });
  }
  const left = parsePostfix(cursor);
  if (!cursor.takes("**")) return left;
  const right = cursor.nested(() => parseUnary(cursor));
  return cursor.node(start, { kind: "binary", operator: "**", left, right });
}

function parsePostfix(cursor: Cursor): Expression {
  const { start } = cursor.token;
  let node = parseAtom(cursor);
  for (;;) {
    if (cursor.takes("(")) node = parseCall(cursor, start, node);
    else if (cursor.takes("[")) node = parseIndex(cursor, start, node);
    else if (cursor.takes(".")) node = parseAttribute(cursor, start, node);
    else return node;
  }
}

function parseAttribute(cursor: Cursor, start: number, object: Expression): Expression {
  const token = cursor.advance();
  if (token.kind !== "name") throw cursor.unexpected("a name after '.'");
  return cursor.node(start, { kind: "attribute", object, name: token.text });
}

function parseCall(cursor: Cursor, start: number, callee: Expression): Expression {
  const positional: Expression[] = [];
  const keywords: Keyword[] = [];
  while (!cursor.takes(")")) {
    const argument = parseArgument(cursor);
    if (argument.kind === "keyword") keywords.push(argument);
    else if (keywords.length > 0) throw cursor.unexpected("no positional argument after a named one");
    else positional.push(argument);
    if (!cursor.sees(")")) cursor.expect(",");
  }
  const names = new Set(keywords.map((keyword) => keyword.name));
  if (names.size < keywords.length) throw cursor.unexpected("each argument name once");
  return cursor.node(start, { kind: "call", callee, positional, keywords });
}

function parseArgument(cursor: Cursor): Expression {
  const { token } = cursor;
  const next = cursor.ahead(1);
  if (token.kind === "name" && next.kind === "operator" && next.text === "=") {
    cursor.advance();
    cursor.advance();
    const value = parseExpression(cursor);
    return cursor.node(token.start, { kind: "keyword", name: token.text, value });
  }
  if (cursor.takes("**")) {
    parseExpression(cursor);
    return cursor.node(token.start, { kind: "unsupported", what: "Starred" });
  }
  const value = parseStarred(cursor);
  return cursor.sees("for") ? parseComprehension(cursor, token.start, "generator", undefined, value) : value;
}

function parseIndex(cursor: Cursor, start: number, object: Expression): Expression {
  const at = cursor.sees(":") ? parseSlice(cursor, undefined) : parseIndexStart(cursor);
  cursor.expect("]");
  return cursor.node(start, { kind: "index", object, at });
}

function parseIndexStart(cursor: Cursor): Expression {
  const first = parseRow(cursor);
  return cursor.sees(":") ? parseSlice(cursor, first) : first;
}

function parseSlice(cursor: Cursor, start: Expression | undefined): Slice {
  const bound = () => (cursor.sees(":", "]") ? undefined : parseExpression(cursor));
  const from = cursor.token.start;
  cursor.expect(":");
  const stop = bound();
  const step = cursor.takes(":") ? bound() : undefined;
  return cursor.node(from, { kind: "slice", start, stop, step });
}

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
