import type { Cursor } from "./cursor.ts";

/** What an expression may hold outside quotes, besides letters and digits. */
const PLAIN = /[\w.`*<>+\-,=!?:/%]/;
const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]" };

/**
 * Reads a type, DEFAULT or CODEC expression: until a comma, or white space before a keyword or JSON path, outside
 * parentheses and quotes. A backslash does not escape a quote; a doubled quote works.
 */
export function readExpression(cursor: Cursor): string {
  const start = cursor.index;
  const open: string[] = [];
  while (!cursor.atEnd() && !(open.length === 0 && endsHere(cursor))) step(cursor, open);
  const missing = open.at(-1);
  if (missing !== undefined) throw cursor.error(`Expected closing ${missing}`);
  return cursor.text.slice(start, cursor.index).trim();
}

function endsHere(cursor: Cursor): boolean {
  const start = cursor.index;
  const blank = cursor.skipBlanks();
  if (cursor.atEnd() || cursor.char() === ",") return true;
  if (!blank || !cursor.atKeyword()) return false;
  cursor.index = start;
  return true;
}

/** Steps over one character, or one quoted text; `open` holds the closers still due. */
function step(cursor: Cursor, open: string[]): void {
  const char = cursor.char();
  const closer = CLOSERS[char];
  if (char === "'" || char === '"') {
    skipQuoted(cursor, char);
  } else if (closer !== undefined) {
    open.push(closer);
  } else if (char === open.at(-1)) {
    open.pop();
  } else if (!PLAIN.test(char) && !/[\s)\]]/.test(char)) {
    throw cursor.error(`Invalid character '${char}'`);
  }
  cursor.index++;
}

function skipQuoted(cursor: Cursor, quote: string): void {
  const end = cursor.text.indexOf(quote, cursor.index + 1);
  cursor.index = end === -1 ? cursor.text.length : end;
  if (end === -1) throw cursor.error(`Expected closing ${quote}`);
}
