import { parseAtom } from "./atoms.ts";
import type { Cursor } from "./cursor.ts";
import type { Expression, Keyword, Slice } from "./nodes.ts";
import { parseExpression, parseRow, parseStarred } from "./parser.ts";
import { parseComprehension } from "./targets.ts";

/** An atom with what follows it: calls, indices, attributes. */
export function parsePostfix(cursor: Cursor): Expression {
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
