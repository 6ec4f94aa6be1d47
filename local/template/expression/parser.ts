import type { Cursor } from "./cursor.ts";
import type { BinaryOperator, Comparator, Display, Expression, UnaryOperator } from "./nodes.ts";
import { parsePostfix } from "./postfix.ts";

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

/** May an expression stand here, after a comma? */
export function startsExpression(cursor: Cursor): boolean {
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
