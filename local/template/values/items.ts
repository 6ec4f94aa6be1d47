import { typeError } from "../faults.ts";
import type { Budget } from "../limits.ts";
import { PLACEHOLDER, SIZED, textOf, typeName, type Value } from "./value.ts";

/** How often a loop over a placeholder runs, so that a check sees the loop's body. */
const PLACEHOLDER_ITEMS: readonly Value[] = [PLACEHOLDER, PLACEHOLDER, PLACEHOLDER];

/** The elements a loop visits: characters of text, keys of a dict, items of the rest. */
export function itemsOf(value: Value, budget: Budget): readonly Value[] {
  const items = elements(value);
  if (items === undefined) throw typeError(`'${typeName(value)}' object is not iterable`);
  budget.spend(items.length);
  return items;
}

function elements(value: Value): readonly Value[] | undefined {
  const text = textOf(value);
  if (text !== undefined) return Array.from(text);
  if (value === null || typeof value !== "object") return undefined;
  switch (value.kind) {
    case "list":
    case "tuple":
    case "series":
      return value.items;
    case "dict":
      return Array.from(value.entries.values(), ([key]) => key);
    case "set":
      return [...value.entries.values()];
    case "placeholder":
      return PLACEHOLDER_ITEMS;
    default:
      return undefined;
  }
}

/** `len(value)`. */
export function lengthOf(value: Value, budget: Budget): number {
  const sized =
    textOf(value) !== undefined ||
    (typeof value === "object" &&
      value !== null &&
      (["list", "tuple", "dict", "set"].includes(value.kind) ||
        (value.kind === "series" && SIZED.has(value.name))));
  if (!sized) throw typeError(`object of type '${typeName(value)}' has no len()`);
  return itemsOf(value, budget).length;
}
