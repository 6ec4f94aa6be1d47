import type { Instruction } from "../lines.ts";
import { type DatafileError, syntaxError } from "../problem.ts";

/** Words with a meaning of their own after white space, and the start of a JSON path. */
const KEYWORD = /(NOT\s+NULL|NULL|DEFAULT|MATERIALIZED|ALIAS|CODEC|TTL)\b|`json:/iy;

/** A keyword of a column, in upper case with single blanks; JSONPATH is the start of a path. */
export type Keyword =
  | "NULL"
  | "NOT NULL"
  | "DEFAULT"
  | "MATERIALIZED"
  | "ALIAS"
  | "CODEC"
  | "TTL"
  | "JSONPATH";

/** A place in the text of a SCHEMA that moves forward, and knows where it is in the file. */
export class Cursor {
  readonly text: string;
  index = 0;
  readonly #line: number;
  readonly #fileLines: readonly number[];
  /** Where each line of the text starts. */
  readonly #starts: readonly number[];

  /** `prepare` may cut text at the end of lines, so that lines and columns keep their place. */
  constructor({ block, words, line }: Instruction, prepare: (text: string) => string) {
    // An inline SCHEMA has its words joined without blanks, which is how Tinybird reads one.
    this.text = prepare(block?.text ?? words.join(""));
    this.#line = block === null ? line - 1 : line;
    this.#fileLines = block?.lines ?? [line];
    this.#starts = [0, ...Array.from(this.text.matchAll(/\n/g), (match) => match.index + 1)];
  }

  atEnd(): boolean {
    return this.index >= this.text.length;
  }

  char(): string {
    return this.text.charAt(this.index);
  }

  accept(char: string): boolean {
    if (this.char() !== char) return false;
    this.index++;
    return true;
  }

  /** Steps over what a sticky pattern matches here. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.index;
    const [text] = pattern.exec(this.text) ?? [""];
    this.index += text.length;
    return text;
  }

  /** Steps over white space; false when there is none. */
  skipBlanks(): boolean {
    return this.match(/\s*/y) !== "";
  }

  /** Steps over a keyword or the start of a JSON path; null when there is none here. */
  keyword(): Keyword | null {
    const word = this.match(KEYWORD);
    if (word === "") return null;
    return word.startsWith("`") ? "JSONPATH" : toKeyword(word);
  }

  /** Whether a keyword or a JSON path starts here. */
  atKeyword(): boolean {
    KEYWORD.lastIndex = this.index;
    return KEYWORD.test(this.text);
  }

  /** Whether a JSON path starts here. */
  atPath(): boolean {
    return /^`json:/i.test(this.text.slice(this.index, this.index + "`json:".length));
  }

  /** Steps over the closing backtick; white space before it is a problem. */
  untilBacktick(): string {
    const text = this.match(/[^`\s]*/y);
    if (this.accept("`")) return text;
    const message = "Expected closing backtick";
    const { line } = this.#placeOf(this.index);
    throw this.char() === "\n" ? syntaxError(message, { line: line + 1, pos: 0 }) : this.error(message);
  }

  error(message: string, hint: string | null = null): DatafileError {
    return this.errorAt(this.index, message, hint);
  }

  errorAt(index: number, message: string, hint: string | null = null): DatafileError {
    return syntaxError(message, this.#placeOf(index), hint);
  }

  /** A problem of a stretch of text: it ends on the line reported and starts or ends at the column reported. */
  errorBetween(
    place: { readonly line: number; readonly pos: number },
    message: string,
    hint: string | null = null,
  ): DatafileError {
    const { line } = this.#placeOf(place.line);
    return syntaxError(message, { line, pos: this.#placeOf(place.pos).pos }, hint);
  }

  /** The 1-based line in the file. */
  lineAt(index: number): number {
    return this.#fileLines[this.#row(index)] ?? this.#line;
  }

  /** Tinybird counts lines after blank and `#` lines were dropped, so a line may be too small; we report the same one. */
  #placeOf(index: number): { line: number; pos: number } {
    const row = this.#row(index);
    return { line: this.#line + row + 1, pos: index - (this.#starts[row] ?? 0) + 1 };
  }

  /** Binary search, as every column asks. */
  #row(index: number): number {
    let row = 0;
    for (let end = this.#starts.length; end - row > 1; ) {
      const middle = (row + end) >> 1;
      if ((this.#starts[middle] ?? 0) <= index) row = middle;
      else end = middle;
    }
    return row;
  }
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  (["NULL", "NOT NULL", "DEFAULT", "MATERIALIZED", "ALIAS", "CODEC", "TTL"] as const).map((word) => [
    word,
    word,
  ]),
);

function toKeyword(word: string): Keyword | null {
  return KEYWORDS.get(word.toUpperCase().replace(/\s+/g, " ")) ?? null;
}
