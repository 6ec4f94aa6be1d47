import { fault } from "../../errors.ts";
import { placeOf, type Token, tokenizeSql } from "./tokens.ts";

/** A statement as its brackets nest: a token, or what stands between two brackets. Comments are left out. */
export type SqlNode = Token | SqlGroup;

export interface SqlGroup {
  readonly kind: "group";
  readonly open: "(" | "[" | "{";
  readonly nodes: readonly SqlNode[];
  readonly start: number;
  readonly end: number;
}

/** Ours; ClickHouse's parser stops at a depth of 1000, of which it spends several on each bracket. */
const MAX_DEPTH = 250;

const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

interface OpenGroup {
  readonly token: Token | null;
  readonly nodes: SqlNode[];
}

/**
 * The tokens of a statement as a tree of brackets.
 * @throws TinybirdError (SQL_SYNTAX) when brackets do not match or nest deeper than 250.
 */
export function parseTree(sql: string): readonly SqlNode[] {
  const outermost: OpenGroup = { token: null, nodes: [] };
  const open = [outermost];
  for (const token of tokenizeSql(sql)) {
    if (token.kind === "comment") continue;
    const innermost = open.at(-1) ?? outermost;
    if (isPunctuation(token, "(", "[", "{")) open.push({ token, nodes: [] });
    else if (isPunctuation(token, ")", "]", "}")) closeGroup(sql, open, token);
    else innermost.nodes.push(token);
    if (open.length > MAX_DEPTH) {
      throw fault("SQL_SYNTAX", `brackets nest deeper than ${MAX_DEPTH}`, placeOf(sql, token.start));
    }
  }
  const unclosed = open.at(-1)?.token;
  if (unclosed) throw fault("SQL_SYNTAX", `${unclosed.text} is not closed`, placeOf(sql, unclosed.start));
  return outermost.nodes;
}

function closeGroup(sql: string, open: OpenGroup[], closer: Token): void {
  const group = open.pop();
  const opener = group?.token?.text;
  if (group?.token == null || opener === undefined || CLOSERS[opener] !== closer.text) {
    const what = opener === undefined ? "closes nothing" : `does not close ${opener}`;
    throw fault("SQL_SYNTAX", `${closer.text} ${what}`, placeOf(sql, closer.start));
  }
  const bracket = opener as SqlGroup["open"];
  const node: SqlGroup = {
    kind: "group",
    open: bracket,
    nodes: group.nodes,
    start: group.token.start,
    end: closer.end,
  };
  open.at(-1)?.nodes.push(node);
}

export function isPunctuation(node: SqlNode | undefined, ...texts: readonly string[]): boolean {
  return node?.kind === "punctuation" && texts.includes(node.text);
}

/** Is this an unquoted word among these, in any case? The words are given in capitals. */
export function isWord(node: SqlNode | undefined, ...words: readonly string[]): boolean {
  return node?.kind === "word" && words.includes(node.text.toUpperCase());
}

export function isName(node: SqlNode | undefined): node is Token {
  return node?.kind === "word" || node?.kind === "quoted";
}

export function isParentheses(node: SqlNode | undefined): node is SqlGroup {
  return node?.kind === "group" && node.open === "(";
}

/** A name as written, `table` or `database.table`, and the index of the node behind it. */
export interface CompoundName {
  readonly database: string | null;
  readonly table: string;
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** The name that begins at a node. With three parts or more, all but the last count as the database. */
export function compoundName(nodes: readonly SqlNode[], at: number): CompoundName | null {
  const first = nodes[at];
  if (!isName(first)) return null;
  const parts = [unquote(first)];
  let last = first;
  let next = at + 1;
  for (let part = nodes[next + 1]; isPunctuation(nodes[next], ".") && isName(part); part = nodes[next + 1]) {
    parts.push(unquote(part));
    last = part;
    next += 2;
  }
  const table = parts.pop() ?? "";
  return {
    database: parts.length === 0 ? null : parts.join("."),
    table,
    start: first.start,
    end: last.end,
    next,
  };
}

/** What a backslash and a letter stand for in ClickHouse. Before any other character the backslash stays, save before quotes. */
const CONTROL_ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "0": "\0",
};

const ESCAPE = /\\x([\da-fA-F]{2})|\\([\s\S])|(['"`])\3/g;

/** The text that a quoted identifier or a string stands for, its escapes read as ClickHouse reads them. */
export function unquote(token: Token): string {
  const text = token.text;
  const quote = text.charAt(0);
  if (token.kind === "word") return text;
  if (quote === "\u201c" || quote === "\u2018") return text.slice(1, -1);
  if (quote === "$") return text.slice(text.indexOf("$", 1) + 1, text.lastIndexOf("$", text.length - 2));
  return text.slice(1, -1).replaceAll(ESCAPE, (pair, hex, escaped, doubled) => {
    if (doubled !== undefined) return doubled === quote ? doubled : pair;
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return CONTROL_ESCAPES[escaped] ?? (/[\\'"`/=]/.test(escaped) ? escaped : pair);
  });
}

/** Splits a list at its commas. */
export function splitAtCommas(nodes: readonly SqlNode[]): readonly (readonly SqlNode[])[] {
  const parts: SqlNode[][] = [[]];
  for (const node of nodes) {
    if (isPunctuation(node, ",")) parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts;
}
