/** The one place where a value becomes SQL. */
import type { Budget } from "./limits.ts";
import { reprOf, strOf } from "./values/text.ts";
import { isPlaceholder, PLACEHOLDER_TEXT, type Value } from "./values/value.ts";

/** Tinybird's escapes for quoted text. ClickHouse reads `\%` as a backslash and `%`, which LIKE takes for a plain `%`. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\0", "\\0"],
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\x1a", "\\z"],
  ["\\", "\\\\"],
  ["'", "\\'"],
  ['"', '\\"'],
  ["%", "\\%"],
  ["`", "\\`"],
]);

const SPECIAL = /[\0\b\t\n\r\x1a\\'"%`]/g;

function escapeText(text: string): string {
  return text.replace(SPECIAL, (character) => ESCAPES.get(character) ?? character);
}

/** A text literal: `'it\'s 50\%'`. */
export function textLiteral(text: string): string {
  return `'${escapeText(text)}'`;
}

/** A text literal in which `what` keeps its meaning: `\%` is written `%` again. Quotes and backslashes stay escaped. */
export function textLiteralExcept(text: string, what: string): string {
  const escaped = escapeText(text);
  if (what === "" || /['"\\]/.test(what)) return `'${escaped}'`;
  // Pair by pair, so that the backslash of one escape is never taken for the start of the next.
  const body = escaped.replace(/\\./g, (pair, at: number) =>
    escaped.startsWith(what, at + 1) ? pair.slice(1) : pair,
  );
  return `'${body}'`;
}

/** A name without quotes around it; safe inside backticks or double quotes, of which the latter are dropped. */
export function escapeName(name: string): string {
  return escapeText(name.replaceAll('"', ""));
}

/** One identifier: `` `my\`name` ``. */
export function identifier(name: string, quote = "`"): string {
  return quote + escapeName(name) + quote;
}

/** A column, whose dots part a path: `` `a`.`b` ``. */
export function columnPath(name: string): string {
  return name
    .split(".")
    .map((part) => identifier(part))
    .join(".");
}

const PLAIN_ALIAS = /^[\p{L}\p{N}_.]+$/u;

/** An alias: bare where it is a plain word, quoted where bare it would be more than a name. */
export function alias(name: string): string {
  return PLAIN_ALIAS.test(name) ? name : identifier(name);
}

/** A query parameter that the engine binds. */
export function queryParameter(name: string): string {
  return `{${name}: String}`;
}

/** A comment line; what follows a line break in `text` would be SQL, so breaks become blanks. */
export function commentLine(text: string): string {
  return `-- ${text.replace(/[\n\r\u2028\u2029\0]+/g, " ")}\n`;
}

/** An element of an array literal: whole numbers and floats bare, text quoted. */
export function arrayLiteral(elements: readonly Value[], budget: Budget): string {
  return `[${elements.map((element) => printed(element, budget)).join(",")}]`;
}

/** A value as `{{ }}` prints it; None has no print and is the caller's error. */
export function printed(value: Value, budget: Budget): string {
  if (typeof value === "string") {
    budget.spendCharacters(value.length);
    return textLiteral(value);
  }
  if (isPlaceholder(value)) return textLiteral(PLACEHOLDER_TEXT);
  if (typeof value === "object" && value !== null) {
    if (value.kind === "sql" || value.kind === "symbol" || value.kind === "cast") return strOf(value, budget);
    if (value.kind === "exception") return textLiteral(value.text);
  }
  return reprOf(value, budget);
}
