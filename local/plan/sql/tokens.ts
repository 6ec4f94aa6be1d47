import { fault } from "../../errors.ts";

export type TokenKind =
  | "word"
  | "quoted"
  | "string"
  | "number"
  | "punctuation"
  | "comment"
  /** A query parameter, `{name:Type}`. */
  | "parameter";

/** One lexical piece of a statement. `start` and `end` are UTF-16 offsets; between tokens there is only blank space. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Blank space as ClickHouse skips it: ASCII, and what word processors put in its place. */
const BLANK = /[\s\u180e\u200b-\u200d\u2060]+/y;

/** Words may begin with a digit (`2024_posts`) and hold `$`. ClickHouse refuses other alphabets unquoted, we only read them. */
const WORD = /[\p{L}\p{N}\p{M}_$]+/uy;

/** Hexadecimal with a binary exponent, binary, decimal; an underscore may stand between digits. */
const NUMBER =
  /(?:0[xX][\da-fA-F](?:_?[\da-fA-F])*(?:\.[\da-fA-F]*)?(?:[pP][+-]?\d*)?|(?:0[bB][01](?:_?\d)*|\d(?:_?\d)*)(?:\.\d*(?:_\d+)*)?(?:[eE][+-]?\d*)?)/y;
const FRACTION = /\.\d+(?:_\d+)*(?:[eE][+-]?\d*)?/y;

/** After a dot only whole numbers: `x.1.2` is two steps into a tuple. */
const TUPLE_INDEX = /\d(?:_?\d)*/y;

const PARAMETER = /\{\s*[A-Za-z_]\w*\s*:\s*[A-Za-z_]\w*(?:\s*\([\w\s,()'=.:/+-]*\))?\s*\}/y;
const HEREDOC_TAG = /\$\w*\$/y;
const LONG_PUNCTUATION = /\\G|->|::|<=>|<=|>=|<>|!=|==|\|\||@@/y;
const LINE_COMMENT = /--|\/\/|#[ !]/y;
const BINARY_STRING = /[xXbB]'/y;

const QUOTES: Readonly<Record<string, { kind: TokenKind; name: string }>> = {
  "'": { kind: "string", name: "string" },
  '"': { kind: "quoted", name: "quoted identifier" },
  "`": { kind: "quoted", name: "quoted identifier" },
};

/** Typographic quotes, which have no escapes. */
const PAIRED_QUOTES: Readonly<Record<string, { kind: TokenKind; close: string }>> = {
  "\u2018": { kind: "string", close: "\u2019" },
  "\u201c": { kind: "quoted", close: "\u201d" },
};

interface Piece {
  readonly kind: TokenKind;
  readonly end: number;
}

/**
 * Splits a statement as ClickHouse's lexer does, comments included. Characters that ClickHouse does not know become
 * punctuation of one character.
 * @throws TinybirdError (SQL_SYNTAX) for a string, a quoted identifier or a comment that is not closed.
 */
export function tokenizeSql(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let previous: Token | undefined;
  let at = endOf(BLANK, sql, 0) ?? 0;
  while (at < sql.length) {
    const { kind, end } = pieceAt(sql, at, previous);
    const token: Token = { kind, text: sql.slice(at, end), start: at, end };
    tokens.push(token);
    if (kind !== "comment") previous = token;
    at = endOf(BLANK, sql, end) ?? end;
  }
  return tokens;
}

/** Where the match of a sticky expression ends that begins exactly at `at`; null when there is none. */
function endOf(expression: RegExp, sql: string, at: number): number | null {
  expression.lastIndex = at;
  return expression.test(sql) ? expression.lastIndex : null;
}

function pieceAt(sql: string, at: number, previous: Token | undefined): Piece {
  return (
    commentAt(sql, at) ??
    textAt(sql, at) ??
    numberAt(sql, at, previous) ??
    wordAt(sql, at) ??
    punctuationAt(sql, at)
  );
}

function commentAt(sql: string, at: number): Piece | null {
  if (sql.startsWith("/*", at)) return { kind: "comment", end: endOfBlockComment(sql, at) };
  if (endOf(LINE_COMMENT, sql, at) === null) return null;
  const newline = sql.indexOf("\n", at);
  return { kind: "comment", end: newline === -1 ? sql.length : newline };
}

/** Block comments nest, as in the SQL standard. */
function endOfBlockComment(sql: string, at: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = at;
  let depth = 0;
  for (let found = mark.exec(sql); found !== null; found = mark.exec(sql)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  throw fault("SQL_SYNTAX", "a comment is opened by /* and not closed", placeOf(sql, at));
}

function textAt(sql: string, at: number): Piece | null {
  const first = sql.charAt(at);
  const quote = QUOTES[first];
  if (quote !== undefined) return { kind: quote.kind, end: endOfQuoted(sql, at, first, quote.name) };
  const pair = PAIRED_QUOTES[first];
  if (pair !== undefined) return { kind: pair.kind, end: endAfter(sql, at, 1, pair.close) };
  if (endOf(BINARY_STRING, sql, at) !== null) return { kind: "string", end: endAfter(sql, at, 2, "'") };
  const tagEnd = endOf(HEREDOC_TAG, sql, at);
  if (tagEnd !== null) {
    const tag = sql.slice(at, tagEnd);
    const close = sql.indexOf(tag, tagEnd);
    if (close !== -1) return { kind: "string", end: close + tag.length };
  }
  const parameterEnd = endOf(PARAMETER, sql, at);
  return parameterEnd === null ? null : { kind: "parameter", end: parameterEnd };
}

/** A backslash takes the next character with it; a doubled quote stands for one. */
function endOfQuoted(sql: string, at: number, quote: string, name: string): number {
  for (let i = at + 1; i < sql.length; i++) {
    const character = sql.charAt(i);
    if (character === "\\") i++;
    else if (character === quote) {
      if (sql.charAt(i + 1) !== quote) return i + 1;
      i++;
    }
  }
  throw fault("SQL_SYNTAX", `a ${name} is opened by ${quote} and not closed`, placeOf(sql, at));
}

function endAfter(sql: string, at: number, openLength: number, close: string): number {
  const found = sql.indexOf(close, at + openLength);
  if (found !== -1) return found + close.length;
  const open = sql.slice(at, at + openLength);
  throw fault("SQL_SYNTAX", `a text is opened by ${open} and not closed by ${close}`, placeOf(sql, at));
}

function numberAt(sql: string, at: number, previous: Token | undefined): Piece | null {
  if (sql.charAt(at) === ".") {
    const end = previous !== undefined && endsOperand(previous) ? null : endOf(FRACTION, sql, at);
    return end === null ? null : { kind: "number", end };
  }
  const end = endOf(previous?.text === "." ? TUPLE_INDEX : NUMBER, sql, at);
  if (end === null) return null;
  // Digits that run into letters are a word: `1st_posts`.
  const wordEnd = endOf(/\w+/y, sql, end);
  return wordEnd === null ? { kind: "number", end } : { kind: "word", end: wordEnd };
}

function endsOperand(token: Token): boolean {
  if (token.kind === "punctuation") return token.text === ")" || token.text === "]";
  return token.kind !== "string" && token.kind !== "parameter";
}

function wordAt(sql: string, at: number): Piece | null {
  // A `$` alone is no word; `$1` and `a$` are.
  if (sql.charAt(at) === "$" && endOf(/\w/y, sql, at + 1) === null) return null;
  const end = endOf(WORD, sql, at);
  return end === null ? null : { kind: "word", end };
}

function punctuationAt(sql: string, at: number): Piece {
  const end = endOf(LONG_PUNCTUATION, sql, at);
  return { kind: "punctuation", end: end ?? at + String.fromCodePoint(sql.codePointAt(at) ?? 0).length };
}

/** `line 2, column 5`, both counted from 1: where an offset of a statement is. */
export function placeOf(sql: string, offset: number): string {
  const before = sql.slice(0, offset);
  const lines = before.split("\n");
  return `line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}`;
}
