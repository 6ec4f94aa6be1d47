import { malformed } from "../faults.ts";
import { MAX_DIGITS } from "../limits.ts";

interface Place {
  /** Offsets into the source: first character, and one past the last. */
  readonly start: number;
  readonly end: number;
}

export type Token = Place &
  (
    | { readonly kind: "name" | "keyword" | "operator"; readonly text: string }
    | { readonly kind: "number"; readonly value: bigint | number }
    /** A quoted literal before its escapes are decoded; `prefix` is in lower case. */
    | { readonly kind: "string"; readonly prefix: string; readonly body: string }
    /** A line break outside brackets, an imaginary number, the end of the text. */
    | { readonly kind: "newline" | "imaginary" | "end" }
  );

/** Python 3.11's keywords. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from " +
    "global if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

const BLANKS = /[ \t\f\r]+/y;
const LINE_BREAK = /\n/y;
const NAME = /[\p{XID_Start}_]\p{XID_Continue}*/uy;
const NUMBER =
  /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y;
const QUOTE = /([rRbBuUfF]{0,2})("""|'''|"|')/y;
const OPERATOR =
  /\*\*=|\/\/=|>>=|<<=|\.\.\.|\*\*|\/\/|>>|<<|<=|>=|==|!=|->|:=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|@=|[-+*/%@&|^~<>=.,:;()[\]{}]/y;

/** Splits the text of an expression. Line breaks count only outside brackets. */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  while (at < source.length) {
    const start = at;
    const blank = match(BLANKS) ?? (depth > 0 ? match(LINE_BREAK) : null);
    if (blank !== null) {
      at += blank[0].length;
      continue;
    }
    const token = readToken(source, start, match);
    at = token.end;
    if (token.kind === "operator") depth += nesting(token.text);
    tokens.push(token);
  }
  tokens.push({ kind: "end", start: source.length, end: source.length });
  return tokens;
}

type Match = (pattern: RegExp) => RegExpExecArray | null;

function readToken(source: string, start: number, match: Match): Token {
  const quote = match(QUOTE);
  if (quote !== null) return readString(source, start, quote[1] ?? "", quote[2] ?? "");
  const name = match(NAME)?.[0];
  if (name !== undefined) {
    return { kind: KEYWORDS.has(name) ? "keyword" : "name", text: name, start, end: start + name.length };
  }
  const number = match(NUMBER)?.[0];
  if (number !== undefined) return readNumber(source, start, number);
  const operator = match(OPERATOR)?.[0];
  if (operator !== undefined)
    return { kind: "operator", text: operator, start, end: start + operator.length };
  if (match(LINE_BREAK) !== null) return { kind: "newline", start, end: start + 1 };
  throw malformed(source, `unexpected character '${String.fromCodePoint(source.codePointAt(start) ?? 0)}'`);
}

function readString(source: string, start: number, prefix: string, quote: string): Token {
  const bodyStart = start + prefix.length + quote.length;
  for (let at = bodyStart; at < source.length; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source.startsWith(quote, at)) {
      const body = source.slice(bodyStart, at);
      return { kind: "string", prefix: prefix.toLowerCase(), body, start, end: at + quote.length };
    } else if (source[at] === "\n" && quote.length === 1) break;
  }
  throw malformed(source, "unterminated string literal");
}

function readNumber(source: string, start: number, text: string): Token {
  const end = start + text.length;
  if (/^[jJ]/.test(source.slice(end))) return { kind: "imaginary", start, end: end + 1 };
  if (/^[\p{XID_Continue}]/u.test(source.slice(end, end + 2))) throw malformed(source, "invalid number");
  const digits = text.replaceAll("_", "");
  if (digits.length > MAX_DIGITS) throw malformed(source, `a number has more than ${MAX_DIGITS} digits`);
  if (/^0[xXoObB]/.test(digits)) return { kind: "number", value: BigInt(digits), start, end };
  if (/[.eE]/.test(digits)) return { kind: "number", value: Number(digits), start, end };
  if (/^0+[1-9]/.test(digits)) throw malformed(source, "a whole number cannot start with 0");
  return { kind: "number", value: BigInt(digits), start, end };
}

function nesting(operator: string): number {
  if ("([{".includes(operator)) return 1;
  return ")]}".includes(operator) ? -1 : 0;
}
