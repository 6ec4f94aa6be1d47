import { malformed } from "../faults.ts";
import { Cursor } from "./cursor.ts";
import type { Expression } from "./nodes.ts";
import { parseExpression, parseOr, parseRow, parseStarred } from "./parser.ts";
import { unescapeLiteral } from "./strings.ts";
import { parseComprehension } from "./targets.ts";

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ["True", true],
  ["False", false],
  ["None", null],
]);

/** A literal, a name, or something in brackets. */
export function parseAtom(cursor: Cursor): Expression {
  const { token } = cursor;
  switch (token.kind) {
    case "number":
      cursor.advance();
      return cursor.node(token.start, { kind: "literal", value: token.value });
    case "name":
      cursor.advance();
      return cursor.node(token.start, { kind: "name", name: token.text });
    case "imaginary":
      cursor.advance();
      return cursor.node(token.start, { kind: "unsupported", what: "Constant" });
    case "string":
      return parseStrings(cursor);
    default:
      return parseWordOrBracket(cursor);
  }
}

function parseWordOrBracket(cursor: Cursor): Expression {
  const { start } = cursor.token;
  for (const [word, value] of WORDS) {
    if (cursor.takes(word)) return cursor.node(start, { kind: "literal", value });
  }
  if (cursor.takes("...")) return cursor.node(start, { kind: "unsupported", what: "Constant" });
  if (cursor.takes("(")) return parseParentheses(cursor, start);
  if (cursor.takes("[")) return parseList(cursor, start);
  if (cursor.takes("{")) return parseBraces(cursor, start);
  throw cursor.unexpected("a value");
}

function parseParentheses(cursor: Cursor, start: number): Expression {
  if (cursor.takes(")")) return cursor.node(start, { kind: "tuple", items: [] });
  if (cursor.takes("yield")) {
    if (!cursor.sees(")")) parseRow(cursor);
    cursor.expect(")");
    return cursor.node(start, { kind: "unsupported", what: "Yield" });
  }
  const inner = parseRow(cursor);
  const whole = cursor.sees("for") ? parseComprehension(cursor, start, "generator", undefined, inner) : inner;
  cursor.expect(")");
  if (whole.kind === "tuple" && whole.bare === true) {
    return cursor.node(start, { kind: "tuple", items: whole.items });
  }
  return whole;
}

function parseList(cursor: Cursor, start: number): Expression {
  const items = parseItems(cursor, "]");
  const [first] = items;
  if (items.length === 1 && first !== undefined && cursor.sees("for")) {
    const whole = parseComprehension(cursor, start, "list", undefined, first);
    cursor.expect("]");
    return whole;
  }
  cursor.expect("]");
  return cursor.node(start, { kind: "list", items });
}

function parseItems(cursor: Cursor, close: string): readonly Expression[] {
  const items: Expression[] = [];
  while (!cursor.sees(close)) {
    items.push(parseStarred(cursor));
    if (!cursor.takes(",")) break;
  }
  return items;
}

function parseBraces(cursor: Cursor, start: number): Expression {
  if (cursor.takes("}")) return cursor.node(start, { kind: "dict", keys: [], values: [] });
  if (cursor.takes("**")) {
    parseOr(cursor);
    cursor.expect("}");
    return cursor.node(start, { kind: "unsupported", what: "Starred" });
  }
  const first = parseStarred(cursor);
  if (cursor.takes(":")) return parseDict(cursor, start, first);
  if (cursor.sees("for")) {
    const whole = parseComprehension(cursor, start, "set", undefined, first);
    cursor.expect("}");
    return whole;
  }
  const rest = cursor.takes(",") ? parseItems(cursor, "}") : [];
  cursor.expect("}");
  return cursor.node(start, { kind: "set", items: [first, ...rest] });
}

function parseDict(cursor: Cursor, start: number, firstKey: Expression): Expression {
  const firstValue = parseExpression(cursor);
  if (cursor.sees("for")) {
    const whole = parseComprehension(cursor, start, "dict", firstKey, firstValue);
    cursor.expect("}");
    return whole;
  }
  const keys = [firstKey];
  const values = [firstValue];
  while (cursor.takes(",") && !cursor.sees("}")) {
    keys.push(parseExpression(cursor));
    cursor.expect(":");
    values.push(parseExpression(cursor));
  }
  cursor.expect("}");
  return cursor.node(start, { kind: "dict", keys, values });
}

/** One string literal, or several in a row, which join. */
function parseStrings(cursor: Cursor): Expression {
  const { start } = cursor.token;
  const parts: Expression[] = [];
  let bytes = false;
  for (let { token } = cursor; token.kind === "string"; token = cursor.token) {
    cursor.advance();
    bytes ||= token.prefix.includes("b");
    parts.push(...stringParts(cursor, token.start, token.prefix, token.body));
  }
  if (bytes) return cursor.node(start, { kind: "unsupported", what: "Constant" });
  if (parts.some((part) => part.kind === "interpolation")) {
    return cursor.node(start, { kind: "interpolated", parts });
  }
  const value = parts.map((part) => (part.kind === "literal" ? String(part.value) : "")).join("");
  return cursor.node(start, { kind: "literal", value });
}

function stringParts(cursor: Cursor, start: number, prefix: string, body: string): readonly Expression[] {
  const decode = (text: string) => (prefix.includes("r") ? text : unescapeLiteral(text, cursor.source));
  const literal = (text: string) => cursor.node(start, { kind: "literal", value: decode(text) });
  if (!prefix.includes("f")) return [literal(body)];
  return interpolationsOf(cursor, start, body, literal);
}

const TEXT_OF_FORMAT = /[^{}]+|\{\{|\}\}/y;
/** `{value}` with a conversion or without; the value itself holds no braces and no quotes of its own kind. */
const VALUE_OF_FORMAT = /\{([^{}]*?)(?:!([rs]))?\}/y;

function interpolationsOf(
  cursor: Cursor,
  start: number,
  body: string,
  literal: (text: string) => Expression,
): readonly Expression[] {
  const parts: Expression[] = [];
  for (let at = 0; at < body.length; ) {
    TEXT_OF_FORMAT.lastIndex = at;
    VALUE_OF_FORMAT.lastIndex = at;
    const text = TEXT_OF_FORMAT.exec(body)?.[0];
    const value = text === undefined ? VALUE_OF_FORMAT.exec(body) : null;
    if (text !== undefined) parts.push(literal(text === "{{" || text === "}}" ? text.charAt(0) : text));
    else if (value === null) throw malformed(cursor.source, "this format in an f-string is not supported");
    else parts.push(interpolation(cursor, start, value[1] ?? "", value[2] === "r" ? "repr" : "str"));
    at += text?.length ?? value?.[0].length ?? 1;
  }
  return parts;
}

function interpolation(
  cursor: Cursor,
  start: number,
  source: string,
  conversion: "str" | "repr",
): Expression {
  const inner = new Cursor(source.trim());
  const value = cursor.nested(() => parseExpression(inner));
  if (inner.token.kind !== "end")
    throw malformed(cursor.source, "this format in an f-string is not supported");
  return cursor.node(start, { kind: "interpolation", value, conversion });
}
