import { Cursor } from "./cursor.ts";
import type { BinaryOperator, Expression, Statement, Target } from "./nodes.ts";
import { parseExpression, parseRow } from "./parser.ts";
import { asTarget, parseTarget } from "./targets.ts";

/** Statements of Python that a template never may hold, by the word they start with. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ["assert", "Assert"],
  ["async", "AsyncFunctionDef"],
  ["break", "Break"],
  ["class", "ClassDef"],
  ["continue", "Continue"],
  ["def", "FunctionDef"],
  ["del", "Delete"],
  ["from", "ImportFrom"],
  ["global", "Global"],
  ["import", "Import"],
  ["nonlocal", "Nonlocal"],
  ["pass", "Pass"],
  ["raise", "Raise"],
  ["return", "Return"],
  ["yield", "Yield"],
]);

const AUGMENTED: ReadonlyMap<string, BinaryOperator> = new Map([
  ["+=", "+"],
  ["-=", "-"],
  ["*=", "*"],
  ["/=", "/"],
  ["//=", "//"],
  ["%=", "%"],
  ["**=", "**"],
]);

/** The text between `{{` and `}}`: one expression where all is well, several where `;` parts them. */
export function parsePrinted(source: string): readonly Statement[] {
  const cursor = new Cursor(source);
  const statements = [parseStatement(cursor)];
  while (cursor.takes(";") && cursor.token.kind !== "end") statements.push(parseStatement(cursor));
  if (statements.every((statement) => statement.kind !== "refused")) cursor.expectEnd();
  return statements;
}

/** The text after `set`; undefined when it is not exactly one assignment or one expression. */
export function parseSet(source: string): Statement | undefined {
  const cursor = new Cursor(source);
  if (cursor.seesOutsideBrackets(";", ":", "\n")) return undefined;
  const statement = parseStatement(cursor);
  if (statement.kind === "refused") return undefined;
  cursor.expectEnd();
  return statement;
}

/** The text after `if`, `elif` or `while`; undefined when more than one statement hides in it. */
export function parseTest(source: string): Expression | undefined {
  const cursor = new Cursor(source);
  if (cursor.seesOutsideBrackets(";", ":", "\n")) return undefined;
  const test = parseExpression(cursor);
  cursor.expectEnd();
  return test;
}

/** The text after `for`; undefined as in `parseTest`. */
export function parseLoop(source: string): { target: Target; iterable: Expression } | undefined {
  const cursor = new Cursor(source);
  if (cursor.seesOutsideBrackets(";", ":", "\n")) return undefined;
  const target = parseTarget(cursor);
  cursor.expect("in");
  const iterable = parseRow(cursor);
  cursor.expectEnd();
  return { target, iterable };
}

/** The text after `except`: nothing, a type, or a type and the name its failure gets. */
export function parseHandler(
  source: string,
): { type: Expression | undefined; name: string | undefined } | undefined {
  const cursor = new Cursor(source);
  if (cursor.seesOutsideBrackets(";", ":", "\n")) return undefined;
  if (cursor.token.kind === "end") return { type: undefined, name: undefined };
  const type = parseExpression(cursor);
  const name = cursor.takes("as") ? cursor.advance() : undefined;
  cursor.expectEnd();
  if (name === undefined) return { type, name };
  if (name.kind !== "name") throw cursor.unexpected("a name after 'as'");
  return { type, name: name.text };
}

function parseStatement(cursor: Cursor): Statement {
  const { token } = cursor;
  const refused = token.kind === "keyword" ? REFUSED.get(token.text) : undefined;
  if (refused !== undefined) return { kind: "refused", what: refused };
  const first = parseRow(cursor);
  if (cursor.sees(":")) return { kind: "refused", what: "AnnAssign" };
  const next = cursor.token;
  const operator = next.kind === "operator" ? AUGMENTED.get(next.text) : undefined;
  if (operator !== undefined) return parseAugment(cursor, first, operator);
  return cursor.sees("=") ? parseAssign(cursor, first) : { kind: "expression", value: first };
}

function parseAugment(cursor: Cursor, left: Expression, operator: BinaryOperator): Statement {
  cursor.advance();
  const target = asTarget(cursor, left);
  if (target.kind !== "name" && target.kind !== "index") throw cursor.unexpected("one name to assign to");
  return { kind: "augment", target, operator, value: parseRow(cursor) };
}

function parseAssign(cursor: Cursor, first: Expression): Statement {
  const targets: Target[] = [];
  let value = first;
  while (cursor.takes("=")) {
    targets.push(asTarget(cursor, value));
    value = parseRow(cursor);
  }
  return { kind: "assign", targets, value };
}
