import { invalid, Raised, typeError } from "../faults.ts";
import type { Arguments } from "../functions/arguments.ts";
import type { Budget } from "../limits.ts";
import { equal } from "./comparison.ts";
import { trim, trimEnd, trimStart, words } from "./numbers.ts";
import {
  type Dict,
  isPlaceholder,
  itemsOf,
  keyOf,
  type List,
  list,
  numberOf,
  PLACEHOLDER,
  type Series,
  textOf,
  tuple,
  typeName,
  type Value,
} from "./value.ts";

type Method<T> = (self: T, args: Arguments, budget: Budget) => Value;

/** `object.name(args)`. */
export function callMethod(object: Value, name: string, args: Arguments, budget: Budget): Value {
  const method = findMethod(object, name);
  if (method === undefined) throw missing(object, name);
  return method(args, budget);
}

function findMethod(object: Value, name: string): ((args: Arguments, budget: Budget) => Value) | undefined {
  const text = textOf(object);
  if (text !== undefined) return bind(TEXT_METHODS.get(name), text);
  if (isPlaceholder(object)) return bind(PLACEHOLDER_METHODS.get(name), object);
  if (object === null || typeof object !== "object") return undefined;
  if (object.kind === "list") return bind(LIST_METHODS.get(name), object);
  return object.kind === "dict" ? bind(DICT_METHODS.get(name), object) : undefined;
}

function bind<T>(method: Method<T> | undefined, self: T) {
  return method && ((args: Arguments, budget: Budget) => method(self, args, budget));
}

/** What reading an attribute that is not there says. */
export function missing(object: Value, name: string): Raised {
  const hint =
    name === "get" && textOf(object) !== undefined
      ? ". Make sure you're using an object/dictionary where trying to use .get()"
      : "";
  return new Raised("AttributeError", `'${typeName(object)}' object has no attribute '${name}'${hint}`);
}

const TEXT_METHODS: ReadonlyMap<string, Method<string>> = new Map<string, Method<string>>([
  ["lower", plain((text) => text.toLowerCase())],
  ["upper", plain((text) => text.toUpperCase())],
  ["strip", (text, args) => strip(text, args, trim, "both")],
  ["lstrip", (text, args) => strip(text, args, trimStart, "start")],
  ["rstrip", (text, args) => strip(text, args, trimEnd, "end")],
  ["split", split],
  ["join", join],
  ["replace", replace],
  ["startswith", (text, args) => prefixes(args).some((prefix) => text.startsWith(prefix))],
  ["endswith", (text, args) => prefixes(args).some((suffix) => text.endsWith(suffix))],
  ["title", plain((text) => text.replace(/\p{L}+/gu, capitalize))],
  ["capitalize", plain(capitalize)],
  ["isdigit", plain((text) => /^\p{Nd}+$/u.test(text))],
  ["count", (text, args) => BigInt(occurrences(text, textArgument(args, "sub")))],
  ["find", find],
  ["zfill", zeroFill],
]);

const LIST_METHODS: ReadonlyMap<string, Method<List>> = new Map<string, Method<List>>([
  [
    "append",
    (self, args) => {
      const [item = null] = args.bind("object");
      self.items.push(item);
      return null;
    },
  ],
  [
    "extend",
    (self, args, budget) => {
      const [items = null] = args.bind("iterable");
      for (const item of itemsOf(items, budget)) self.items.push(item);
      return null;
    },
  ],
  ["pop", pop],
  [
    "index",
    (self, args, budget) => {
      const [wanted = null] = args.bind("value");
      const at = self.items.findIndex((item) => equal(item, wanted, budget));
      if (at < 0) throw invalid("the value is not in the list");
      return BigInt(at);
    },
  ],
]);

const DICT_METHODS: ReadonlyMap<string, Method<Dict>> = new Map<string, Method<Dict>>([
  [
    "get",
    (self, args, budget) => {
      const [key, fallback = null] = args.bind("key", "default");
      return self.entries.get(keyOf(args.required(key, "key"), budget))?.[1] ?? fallback;
    },
  ],
  ["keys", view("dict_keys", ([key]) => key)],
  ["values", view("dict_values", ([, value]) => value)],
  ["items", view("dict_items", ([key, value]) => tuple(key, value))],
]);

/** What a check can answer for a value that is not there. */
const PLACEHOLDER_METHODS: ReadonlyMap<string, Method<Value>> = new Map<string, Method<Value>>([
  ["split", () => list([PLACEHOLDER, PLACEHOLDER])],
  ["startswith", () => false],
]);

function plain(compute: (text: string) => Value): Method<string> {
  return (text, args, budget) => {
    args.bind();
    budget.spendCharacters(text.length);
    return compute(text);
  };
}

function view(name: string, pick: (entry: readonly [Value, Value]) => Value): Method<Dict> {
  return (self, args): Series => {
    args.bind();
    return { kind: "series", name, items: Array.from(self.entries.values(), pick) };
  };
}

function capitalize(text: string): string {
  const [first = "", ...rest] = text;
  return first.toUpperCase() + rest.join("").toLowerCase();
}

function textArgument(args: Arguments, name: string): string {
  const [value] = args.bind(name);
  const text = textOf(args.required(value, name));
  if (text === undefined) throw typeError(`must be str, not ${typeName(value ?? null)}`);
  return text;
}

function strip(
  text: string,
  args: Arguments,
  blanks: (text: string) => string,
  side: "both" | "start" | "end",
): string {
  const [given = null] = args.bind("chars");
  if (given === null) return blanks(text);
  const characters = new Set(textOf(given) ?? fail(typeError("strip arg must be None or str")));
  const all = Array.from(text);
  let start = 0;
  let end = all.length;
  while (side !== "end" && start < end && characters.has(all[start] ?? "")) start += 1;
  while (side !== "start" && end > start && characters.has(all[end - 1] ?? "")) end -= 1;
  return all.slice(start, end).join("");
}

function split(text: string, args: Arguments, budget: Budget): Value {
  const [separatorValue = null, limitValue = -1n] = args.bind("sep", "maxsplit");
  budget.spendCharacters(text.length);
  const limit = Number(numberOf(limitValue) ?? fail(typeError("maxsplit must be a whole number")));
  if (separatorValue === null) {
    if (limit >= 0) throw invalid("split() with a limit needs a separator");
    return list(words(text));
  }
  const separator =
    textOf(separatorValue) ?? fail(typeError(`must be str or None, not ${typeName(separatorValue)}`));
  if (separator === "") throw invalid("empty separator");
  const parts = text.split(separator);
  if (limit < 0 || parts.length <= limit + 1) return list(parts);
  return list([...parts.slice(0, limit), parts.slice(limit).join(separator)]);
}

function join(separator: string, args: Arguments, budget: Budget): Value {
  const [items] = args.bind("iterable");
  const texts = itemsOf(args.required(items, "iterable"), budget).map((item, at) => {
    const text = isPlaceholder(item) ? undefined : textOf(item);
    return text ?? fail(typeError(`sequence item ${at}: expected str instance, ${typeName(item)} found`));
  });
  budget.spend(texts.reduce((size, text) => size + text.length + separator.length, 0));
  return texts.join(separator);
}

function replace(text: string, args: Arguments, budget: Budget): Value {
  const [from = null, to = null, limit] = args.bind("old", "new", "count");
  const [old, replacement] = [textOf(from), textOf(to)];
  if (old === undefined || replacement === undefined) throw typeError("replace() takes two texts");
  if (limit !== undefined) throw invalid("replace() with a count is not supported");
  const parts = old === "" ? ["", ...text, ""] : text.split(old);
  budget.spendCharacters(text.length + parts.length * replacement.length);
  return parts.join(replacement);
}

function prefixes(args: Arguments): readonly string[] {
  const [given] = args.bind("prefix");
  const value = args.required(given, "prefix");
  const candidates =
    typeof value === "object" && value !== null && value.kind === "tuple" ? value.items : [value];
  return candidates.map((item) => textOf(item) ?? fail(typeError("startswith() and endswith() take text")));
}

function occurrences(text: string, part: string): number {
  return part === "" ? Array.from(text).length + 1 : text.split(part).length - 1;
}

function find(text: string, args: Arguments): Value {
  const at = text.indexOf(textArgument(args, "sub"));
  return at < 0 ? -1n : BigInt(Array.from(text.slice(0, at)).length);
}

function zeroFill(text: string, args: Arguments, budget: Budget): Value {
  const [given] = args.bind("width");
  const width = numberOf(args.required(given, "width"));
  if (typeof width !== "bigint") throw typeError("zfill() takes a whole number");
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  const missingZeros = Math.max(0, Number(width) - Array.from(text).length);
  budget.spend(missingZeros);
  return sign + "0".repeat(missingZeros) + text.slice(sign.length);
}

function pop(self: List, args: Arguments): Value {
  const [given = -1n] = args.bind("index");
  const index = numberOf(given);
  if (typeof index !== "bigint") throw typeError("pop() takes a whole number");
  const at = Number(index) < 0 ? Number(index) + self.items.length : Number(index);
  const [item] = at >= 0 ? self.items.splice(at, 1) : [];
  if (item === undefined) throw new Raised("IndexError", "pop index out of range");
  return item;
}

function fail(error: Error): never {
  throw error;
}
