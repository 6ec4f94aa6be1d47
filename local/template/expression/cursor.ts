import { malformed } from "../faults.ts";
import { MAX_EXPRESSION_HEIGHT } from "../limits.ts";
import type { Expression, Origin } from "./nodes.ts";
import { partsOf } from "./nodes.ts";
import { type Token, tokenize } from "./tokens.ts";

type Without<T> = T extends Expression ? Omit<T, keyof Origin> : never;

/** A place in the tokens of one expression, and the one way to make nodes from there. */
export class Cursor {
  readonly source: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.source = source;
    this.#tokens = tokenize(source);
  }

  get token(): Token {
    return this.ahead(0);
  }

  ahead(distance: number): Token {
    const token = this.#tokens[this.#at + distance] ?? this.#tokens.at(-1);
    if (token === undefined) throw malformed(this.source, "nothing to read");
    return token;
  }

  advance(): Token {
    const { token } = this;
    this.#at += 1;
    return token;
  }

  /** Whether the next token is one of these operators or keywords. */
  sees(...texts: readonly string[]): boolean {
    const { token } = this;
    return (token.kind === "operator" || token.kind === "keyword") && texts.includes(token.text);
  }

  /** Steps over the operator or keyword if it comes next. */
  takes(text: string): boolean {
    const seen = this.sees(text);
    if (seen) this.#at += 1;
    return seen;
  }

  expect(text: string): void {
    if (!this.takes(text)) throw this.unexpected(`'${text}'`);
  }

  expectEnd(): void {
    if (this.token.kind !== "end") throw this.unexpected("the end");
  }

  unexpected(expected: string): Error {
    const { token } = this;
    const came = token.kind === "end" ? "the end" : `'${this.source.slice(token.start, token.end)}'`;
    return malformed(this.source, `expected ${expected}, got ${came}`);
  }

  /** Whether an operator or line break of `texts` stands outside all brackets, from here on. */
  seesOutsideBrackets(...texts: readonly string[]): boolean {
    let depth = 0;
    return this.#tokens.slice(this.#at).some((token) => {
      if (token.kind === "newline") return texts.includes("\n");
      if (token.kind !== "operator") return false;
      if ("([{".includes(token.text)) depth += 1;
      if (")]}".includes(token.text)) depth -= 1;
      return depth === 0 && texts.includes(token.text);
    });
  }

  /** Reads something nested, within the limit that keeps recursion safe. */
  nested<T>(read: () => T): T {
    if (this.#depth >= MAX_EXPRESSION_HEIGHT) throw this.#tooHigh();
    this.#depth += 1;
    const result = read();
    this.#depth -= 1;
    return result;
  }

  /** Completes a node that began at offset `start` and ends before the current token. */
  node<T extends Without<Expression>>(start: number, fields: T): T & Origin {
    const end = this.#tokens[this.#at - 1]?.end ?? start;
    const draft = { ...fields, source: this.source.slice(start, end), height: 1 };
    const height =
      1 + partsOf(draft as Expression).reduce((highest, part) => Math.max(highest, part.height), 0);
    if (height > MAX_EXPRESSION_HEIGHT) throw this.#tooHigh();
    const node = { ...draft, height };
    Object.freeze(node);
    return node;
  }

  #tooHigh(): Error {
    return malformed(this.source, `nested more than ${MAX_EXPRESSION_HEIGHT} levels deep`);
  }
}
