import type { Run } from "../evaluation/run.ts";
import { type ExceptionName, notCallable } from "../faults.ts";
import type { Arguments } from "../functions/arguments.ts";
import type { Budget } from "../limits.ts";

export interface List {
  readonly kind: "list";
  readonly items: Value[];
}
export interface Tuple {
  readonly kind: "tuple";
  readonly items: readonly Value[];
}
/** Entries by `keyOf`, in order of insertion. */
export interface Dict {
  readonly kind: "dict";
  readonly entries: Map<string, readonly [Value, Value]>;
}
export interface ValueSet {
  readonly kind: "set";
  readonly entries: ReadonlyMap<string, Value>;
}
/** What `range`, `enumerate`, `zip`, `dict.items`, … give: something to walk, not something to print. */
export interface Series {
  readonly kind: "series";
  readonly name: string;
  readonly items: readonly Value[];
}
/** A number that a type function made; it prints as `toInt32('5')` and computes as the number. */
export interface Cast {
  readonly kind: "cast";
  readonly type: string;
  readonly value: bigint | number;
}
/** Text that is SQL already and prints unquoted. Operations on it give ordinary text, quoted again. */
export interface SqlText {
  readonly kind: "sql";
  readonly text: string;
}
/** A quoted identifier, a table name or a query parameter: only for printing. */
export interface SqlName {
  readonly kind: "symbol";
  readonly text: string;
}
export interface Callable {
  readonly kind: "function";
  readonly name: string;
  readonly call: (args: Arguments, run: Run) => Value;
}
export interface ExceptionType {
  readonly kind: "exception type";
  readonly name: ExceptionName;
}
export interface Caught {
  readonly kind: "exception";
  readonly type: ExceptionName;
  readonly text: string;
}
/** Stands for an absent request value while a project is checked without a request. */
export interface Placeholder {
  readonly kind: "placeholder";
}

/**
 * A value of the template language: None is `null`, whole numbers are `bigint`, decimals `number`. Text is counted and
 * indexed by code point.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | List
  | Tuple
  | Dict
  | ValueSet
  | Series
  | Cast
  | SqlText
  | SqlName
  | Callable
  | ExceptionType
  | Caught
  | Placeholder;

export const PLACEHOLDER: Placeholder = Object.freeze({ kind: "placeholder" });
/** What a placeholder prints as, inside quotes. */
export const PLACEHOLDER_TEXT = "__no_value__";

export function list(items: readonly Value[]): List {
  return { kind: "list", items: [...items] };
}

export function tuple(...items: readonly Value[]): Tuple {
  return { kind: "tuple", items };
}

export function sql(text: string): SqlText {
  return { kind: "sql", text };
}

export function symbol(text: string): SqlName {
  return { kind: "symbol", text };
}

/** A dict of pairs; of two equal keys the first stays and the last value wins. */
export function dict(pairs: Iterable<readonly [Value, Value]>, budget: Budget): Dict {
  const entries = new Map<string, readonly [Value, Value]>();
  for (const [key, value] of pairs) {
    const hash = keyOf(key, budget);
    entries.set(hash, [entries.get(hash)?.[0] ?? key, value]);
  }
  return { kind: "dict", entries };
}

export function valueSet(items: readonly Value[], budget: Budget): ValueSet {
  const entries = new Map<string, Value>();
  for (const item of items) entries.set(keyOf(item, budget), item);
  return { kind: "set", entries };
}

/** The text a value is as a key; equal values have equal keys (`1`, `1.0` and True are one). */
export function keyOf(value: Value, budget: Budget): string {
  const number = numberOf(value);
  if (number !== undefined) return `n${Number.isInteger(number) ? BigInt(number) : number}`;
  const text = textOf(value);
  if (text !== undefined) return `s${text}`;
  if (value === null) return "None";
  if (typeof value === "object" && value.kind === "tuple") {
    const keys = budget.inside(() => value.items.map((item) => keyOf(item, budget)));
    return `t${JSON.stringify(keys)}`;
  }
  throw notCallable();
}

/** The number a value computes as: numbers, casts, True and False. */
export function numberOf(value: Value): bigint | number | undefined {
  if (typeof value === "bigint" || typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  return typeof value === "object" && value?.kind === "cast" ? value.value : undefined;
}

/** The text a value works as: text, and SQL text. */
export function textOf(value: Value): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "object" && value?.kind === "sql" ? value.text : undefined;
}

export function isPlaceholder(value: Value | undefined): value is Placeholder {
  return typeof value === "object" && value?.kind === "placeholder";
}

/** Series whose length is known in Python; the others are always true and have no length. */
export const SIZED: ReadonlySet<string> = new Set(["range", "dict_keys", "dict_values", "dict_items"]);

/** False are None, False, zero, and everything empty. */
export function isTrue(value: Value): boolean {
  if (value === null) return false;
  const number = numberOf(value);
  if (number !== undefined) return Boolean(number) || Number.isNaN(number);
  const text = textOf(value);
  if (text !== undefined) return text !== "";
  if (typeof value !== "object") return true;
  switch (value.kind) {
    case "list":
    case "tuple":
      return value.items.length > 0;
    case "series":
      return value.items.length > 0 || !SIZED.has(value.name);
    case "dict":
    case "set":
      return value.entries.size > 0;
    default:
      return true;
  }
}

/** The type's name in messages, as Python has it. */
export function typeName(value: Value): string {
  if (value === null) return "NoneType";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "float";
    case "string":
      return "str";
  }
  switch (value.kind) {
    case "sql":
      return "str";
    case "cast":
      return typeof value.value === "bigint" ? "int" : "float";
    case "placeholder":
      return "Placeholder";
    case "series":
      return value.name;
    default:
      return value.kind;
  }
}
