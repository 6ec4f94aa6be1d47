import { familyOf, MAX_WORDS_IN_FAMILY } from "./families.ts";

/** A ClickHouse type as a tree: `Array(Nullable(String))` is `Array` with one argument, a type. */
export interface DataType {
  /** The canonical name (`INT` is read as `Int32`), or the name as written when ClickHouse has no such type. */
  readonly family: string;
  readonly arguments: readonly TypeArgument[];
}

/** What can stand between the parentheses of a type. */
export type TypeArgument =
  /** `String` in `Array(String)`; also the function in `AggregateFunction(quantiles(0.5, 0.9), Float64)`. */
  | { readonly kind: "type"; readonly type: DataType }
  /** An element of a named Tuple, a field of Nested, a typed path of JSON. */
  | { readonly kind: "named"; readonly name: string; readonly type: DataType }
  /** `3` in `DateTime64(3)`, as written. */
  | { readonly kind: "number"; readonly text: string }
  /** `UTC` in `DateTime('UTC')`, or a label of an Enum without a number. */
  | { readonly kind: "string"; readonly value: string }
  /** `'x' = 1` of an Enum, `max_dynamic_paths=8` of JSON. */
  | { readonly kind: "pair"; readonly name: string; readonly value: string }
  /** `SKIP a.b` or `SKIP REGEXP '…'` of JSON. */
  | { readonly kind: "skip"; readonly path: string };

/** The outcome of reading a type. */
export type TypeResult =
  | { readonly ok: true; readonly type: DataType }
  | { readonly ok: false; readonly message: string };

/** Ours: deeper nesting than any real type, and well below what the stack bears. */
const MAX_DEPTH = 64;

const TOKEN =
  /\s*(?:([A-Za-z_][\w.]*)|`((?:[^`\\]|\\.)*)`|'((?:[^'\\]|\\.|'')*)'|([-+]?\d[\w.+]*)|([(),=])|(\S))/y;

type TokenKind = "word" | "name" | "string" | "number" | "mark" | "other";
interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

/** Reads the text of a ClickHouse type into a tree. Only its form is judged: see `checkDataType` for the rest. */
export function readDataType(text: string): TypeResult {
  const reader = new TypeReader(tokenize(text));
  try {
    return { ok: true, type: reader.whole() };
  } catch (error) {
    if (error instanceof TypeSyntaxError) return { ok: false, message: error.message };
    throw error;
  }
}

class TypeSyntaxError extends Error {}

function tokenize(text: string): readonly Token[] {
  const kinds: readonly TokenKind[] = ["word", "name", "string", "number", "mark", "other"];
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const group = match.findIndex((part, index) => index > 0 && part !== undefined);
    const kind = kinds[group - 1] ?? "other";
    tokens.push({
      kind,
      text: kind === "string" || kind === "name" ? withoutEscapes(match[group]) : (match[group] ?? ""),
    });
  }
  return tokens;
}

function withoutEscapes(quoted = ""): string {
  return quoted.replace(/\\(.)|''/g, (_, escaped: string | undefined) => escaped ?? "'");
}

/** Recursive descent over the tokens of one type. */
class TypeReader {
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): DataType {
    const type = this.#type();
    const rest = this.#peek();
    if (rest === undefined) return type;
    const missing = rest.kind === "word" || rest.kind === "name" ? "; is a comma missing before it?" : "";
    throw new TypeSyntaxError(`unexpected '${rest.text}' after ${type.family}${missing}`);
  }

  #type(): DataType {
    const name = this.#familyName();
    return { family: familyOf(name) ?? name, arguments: this.#accept("(") ? this.#arguments() : [] };
  }

  /** SQL names may have several words: the longest known one is taken. */
  #familyName(): string {
    if (this.#peek()?.kind !== "word") throw this.#unexpected("a type");
    for (let count = MAX_WORDS_IN_FAMILY; count > 1; count--) {
      const tokens = this.#tokens.slice(this.#index, this.#index + count);
      const name = tokens.map((token) => token.text).join(" ");
      if (tokens.every((token) => token.kind === "word") && familyOf(name) !== null) {
        this.#index += count;
        return name;
      }
    }
    return this.#next().text;
  }

  #arguments(): readonly TypeArgument[] {
    if (++this.#depth > MAX_DEPTH) throw new TypeSyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
    const found: TypeArgument[] = [];
    while (!this.#accept(")")) {
      if (found.length > 0) this.#expect(",");
      found.push(this.#argument());
    }
    this.#depth--;
    return found;
  }

  #argument(): TypeArgument {
    const token = this.#peek();
    const following = this.#peek(1);
    if (token?.kind === "number") return { kind: "number", text: this.#next().text };
    if (following?.text === "=" && following.kind === "mark") return this.#pair();
    if (token?.kind === "string") return { kind: "string", value: this.#next().text };
    if (token?.text.toUpperCase() === "SKIP" && following?.kind !== "mark") return this.#skip();
    if (token?.kind === "name" || (following?.kind === "word" && !this.#startsFamily())) return this.#named();
    return { kind: "type", type: this.#type() };
  }

  #pair(): TypeArgument {
    const name = this.#next().text;
    this.#expect("=");
    return { kind: "pair", name, value: this.#next().text };
  }

  #skip(): TypeArgument {
    this.#next();
    if (this.#peek()?.text.toUpperCase() === "REGEXP") this.#next();
    return { kind: "skip", path: this.#next().text };
  }

  #named(): TypeArgument {
    return { kind: "named", name: this.#next().text, type: this.#type() };
  }

  /** Whether the next two words are the start of one SQL name, as in `DOUBLE PRECISION`. */
  #startsFamily(): boolean {
    return familyOf(`${this.#peek()?.text} ${this.#peek(1)?.text}`) !== null;
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#index + ahead];
  }

  #next(): Token {
    const token = this.#peek();
    if (token === undefined) throw this.#unexpected("more");
    this.#index++;
    return token;
  }

  #accept(mark: string): boolean {
    const token = this.#peek();
    if (token?.kind !== "mark" || token.text !== mark) return false;
    this.#index++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#accept(mark)) throw this.#unexpected(`'${mark}'`);
  }

  #unexpected(expected: string): TypeSyntaxError {
    const token = this.#peek();
    return new TypeSyntaxError(
      `expected ${expected}, got ${token === undefined ? "the end" : `'${token.text}'`}`,
    );
  }
}
