import { invalid } from "../faults.ts";
import type { Budget } from "../limits.ts";
import { floatText } from "./numbers.ts";
import { PLACEHOLDER_TEXT, type Value } from "./value.ts";

/** What `str(value)` and string interpolation give. */
export function strOf(value: Value, budget: Budget): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) {
    if (value.kind === "sql" || value.kind === "symbol") return value.text;
    if (value.kind === "cast") return castText(value.type, value.value);
    if (value.kind === "placeholder") return PLACEHOLDER_TEXT;
    if (value.kind === "exception") return value.text;
  }
  return reprOf(value, budget);
}

/** `toInt32('5')`. */
export function castText(type: string, value: bigint | number): string {
  return `to${type}('${typeof value === "bigint" ? value : floatText(value)}')`;
}

/** A value in Python's own notation: `['a', "it's", None, True, 1.5]`. */
export function reprOf(value: Value, budget: Budget): string {
  if (value === null) return "None";
  switch (typeof value) {
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
      return String(value);
    case "number":
      return floatText(value);
    case "string":
      return quote(value, budget);
  }
  const all = (items: readonly Value[]) => budget.inside(() => items.map((item) => reprOf(item, budget)));
  switch (value.kind) {
    case "sql":
    case "symbol":
      return quote(value.text, budget);
    case "placeholder":
      return quote(PLACEHOLDER_TEXT, budget);
    case "cast":
      return reprOf(value.value, budget);
    case "list":
      return `[${all(value.items).join(", ")}]`;
    case "tuple":
      return value.items.length === 1 ? `(${all(value.items)[0]},)` : `(${all(value.items).join(", ")})`;
    case "dict": {
      const pairs = [...value.entries.values()].map((pair) => all(pair).join(": "));
      return `{${pairs.join(", ")}}`;
    }
    default:
      throw invalid(
        `a ${value.kind === "series" ? value.name : value.kind} cannot be printed; make it a list or a text`,
      );
  }
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** Text in quotes, as Python prints it: single ones unless the text has those and no double ones. */
function quote(text: string, budget: Budget): string {
  budget.spendCharacters(text.length);
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\\'\p{C}\p{Z}]/gu, (character) => {
    if (character === "'") return mark === "'" ? "\\'" : "'";
    return character === " " ? character : (NAMED.get(character) ?? codeEscape(character));
  });
  return mark + body + mark;
}

/** `\x01`, `\u2028`, `\U000e0001`. */
export function codeEscape(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}
