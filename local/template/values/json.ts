import { invalid, typeError } from "../faults.ts";
import { type Budget, MAX_DIGITS } from "../limits.ts";
import { floatText } from "./numbers.ts";
import { dict, list, typeName, type Value } from "./value.ts";

/** Characters of a bad text that the error repeats. */
const EXCERPT = 16;

const BLANKS = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/**
 * Reads JSON with whole numbers of any size kept exact, which `JSON.parse` cannot do.
 * @throws a catchable failure "Error parsing JSON: '…' - …"
 */
export function readJson(text: string, budget: Budget): Value {
  budget.spendCharacters(text.length);
  return new Reader(text, budget).read();
}

class Reader {
  readonly #text: string;
  readonly #budget: Budget;
  #at = 0;

  constructor(text: string, budget: Budget) {
    this.#text = text;
    this.#budget = budget;
  }

  read(): Value {
    const value = this.#value();
    if (this.#at < this.#text.length) throw this.#fault("Extra data");
    return value;
  }

  #value(): Value {
    this.#take(BLANKS);
    const value = this.#budget.inside(() => this.#structure() ?? this.#scalar());
    this.#take(BLANKS);
    return value;
  }

  #structure(): Value | undefined {
    if (this.#sees("[")) return list(this.#entries("]", () => this.#value()));
    if (!this.#sees("{")) return undefined;
    return dict(
      this.#entries("}", () => this.#member()),
      this.#budget,
    );
  }

  #member(): readonly [Value, Value] {
    this.#take(BLANKS);
    const key = this.#string();
    if (key === undefined) throw this.#fault("Expecting property name enclosed in double quotes");
    this.#take(BLANKS);
    if (!this.#sees(":")) throw this.#fault("Expecting ':' delimiter");
    return [key, this.#value()];
  }

  #entries<T>(close: string, entry: () => T): readonly T[] {
    this.#take(BLANKS);
    const entries: T[] = [];
    if (this.#sees(close)) return entries;
    for (;;) {
      entries.push(entry());
      if (this.#sees(close)) return entries;
      if (!this.#sees(",")) throw this.#fault("Expecting ',' delimiter");
    }
  }

  #scalar(): Value {
    const string = this.#string();
    if (string !== undefined) return string;
    const word = this.#take(WORD);
    if (word !== undefined) return word === "null" ? null : word === "true";
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.#text);
    if (number === null) throw this.#fault("Expecting value");
    this.#at = NUMBER.lastIndex;
    const [whole, fraction, exponent] = number;
    if (fraction !== undefined || exponent !== undefined) return Number(whole);
    if (whole.length > MAX_DIGITS) throw this.#fault(`Number of more than ${MAX_DIGITS} digits`);
    return BigInt(whole);
  }

  #string(): string | undefined {
    if (this.#text[this.#at] !== '"') return undefined;
    let end = this.#at + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    try {
      const value: unknown = JSON.parse(this.#text.slice(this.#at, end + 1));
      this.#at = end + 1;
      return String(value);
    } catch {
      throw this.#fault("Invalid string");
    }
  }

  #sees(character: string): boolean {
    const seen = this.#text[this.#at] === character;
    if (seen) this.#at += 1;
    return seen;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #fault(problem: string): Error {
    const shown = this.#text.length > EXCERPT ? `${this.#text.slice(0, EXCERPT)}...` : this.#text;
    const lines = this.#text.slice(0, this.#at).split("\n");
    const column = (lines.at(-1)?.length ?? 0) + 1;
    const place = `line ${lines.length} column ${column} (char ${this.#at})`;
    return invalid(`Error parsing JSON: '${shown}' - ${problem}: ${place}`);
  }
}

/** A value as plain JSON data, for the body of a response. Casts are their numbers. */
export function toJson(value: Value, budget: Budget): unknown {
  if (value === null || typeof value !== "object") {
    return typeof value === "bigint" ? safeNumber(value) : value;
  }
  switch (value.kind) {
    case "list":
    case "tuple":
      return budget.inside(() => value.items.map((item) => toJson(item, budget)));
    case "dict": {
      const pairs = [...value.entries.values()];
      return budget.inside(() =>
        Object.fromEntries(pairs.map(([key, item]) => [jsonKey(key), toJson(item, budget)])),
      );
    }
    case "cast":
      return toJson(value.value, budget);
    case "sql":
      return value.text;
    default:
      throw typeError(`Object of type ${typeName(value)} is not JSON serializable`);
  }
}

/** A whole number as JSON can carry it: beyond 2^53 − 1 it becomes text. */
export function safeNumber(value: bigint): number | string {
  return BigInt.asIntN(54, value) === value && Number.isSafeInteger(Number(value))
    ? Number(value)
    : String(value);
}

function jsonKey(key: Value): string {
  if (typeof key === "string") return key;
  if (typeof key === "number") return floatText(key);
  if (key === null || typeof key === "boolean" || typeof key === "bigint") return String(key);
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

/** Plain JSON data as Python's `json.dumps` prints it: `{"a": 1, "b": [true, null]}`, ASCII only. */
export function jsonText(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(jsonText).join(", ")}]`;
  if (typeof data === "object" && data !== null) {
    return `{${Object.entries(data)
      .map(([key, value]) => `${jsonText(key)}: ${jsonText(value)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(data).replace(/[\x7f-\uffff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
