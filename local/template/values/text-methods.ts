import { fail, invalid, typeError } from "../faults.ts";
import type { Arguments } from "../functions/arguments.ts";
import type { Budget } from "../limits.ts";
import { itemsOf } from "./items.ts";
import { trim, trimEnd, trimStart, words } from "./numbers.ts";
import { isPlaceholder, list, numberOf, textOf, typeName, type Value } from "./value.ts";

/** A method: what it is called on, its arguments, and what the rendering may still spend. */
export type Method<T> = (self: T, args: Arguments, budget: Budget) => Value;

/** The methods of a text, by name. */
export const TEXT_METHODS: ReadonlyMap<string, Method<string>> = new Map<string, Method<string>>([
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

function plain(compute: (text: string) => Value): Method<string> {
  return (text, args, budget) => {
    args.bind();
    budget.spendCharacters(text.length);
    return compute(text);
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
