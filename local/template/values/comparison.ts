import type { Comparator } from "../expression/nodes.ts";
import { invalid, typeError } from "../faults.ts";
import type { Budget } from "../limits.ts";
import { itemsOf } from "./items.ts";
import { isPlaceholder, keyOf, numberOf, textOf, typeName, type Value } from "./value.ts";

/** One step of a comparison chain. */
export function compares(left: Value, comparator: Comparator, right: Value, budget: Budget): boolean {
  budget.spend(1);
  switch (comparator) {
    case "==":
      return equal(left, right, budget);
    case "!=":
      return !equal(left, right, budget);
    case "in":
      return contains(right, left, budget);
    case "not in":
      return !contains(right, left, budget);
    case "is":
      return same(left, right);
    case "is not":
      return !same(left, right);
    case "<":
      return order(left, comparator, right, budget) < 0;
    case "<=":
      return order(left, comparator, right, budget) <= 0;
    case ">":
      return order(left, comparator, right, budget) > 0;
    case ">=":
      return order(left, comparator, right, budget) >= 0;
    default:
      return comparator satisfies never;
  }
}

/** Equality by value; a placeholder equals nothing. */
export function equal(left: Value, right: Value, budget: Budget): boolean {
  if (isPlaceholder(left) || isPlaceholder(right)) return false;
  const numbers = [numberOf(left), numberOf(right)];
  if (numbers[0] !== undefined && numbers[1] !== undefined) return orderNumbers(numbers[0], numbers[1]) === 0;
  const texts = [textOf(left), textOf(right)];
  if (texts[0] !== undefined && texts[1] !== undefined) return texts[0] === texts[1];
  if (left === null || right === null || typeof left !== "object" || typeof right !== "object") return false;
  if ((left.kind === "list" || left.kind === "tuple") && left.kind === right.kind) {
    return equalItems(left.items, right.items, budget);
  }
  if (left.kind === "dict" && right.kind === "dict") return equalEntries(left.entries, right.entries, budget);
  if (left.kind === "set" && right.kind === "set") {
    return (
      left.entries.size === right.entries.size &&
      [...left.entries.keys()].every((key) => right.entries.has(key))
    );
  }
  return left === right;
}

function equalItems(left: readonly Value[], right: readonly Value[], budget: Budget): boolean {
  if (left.length !== right.length) return false;
  return budget.inside(() => left.every((item, at) => equal(item, right[at] ?? null, budget)));
}

type Entries = ReadonlyMap<string, readonly [Value, Value]>;

function equalEntries(left: Entries, right: Entries, budget: Budget): boolean {
  if (left.size !== right.size) return false;
  return budget.inside(() =>
    [...left].every(([key, [, value]]) => {
      const other = right.get(key);
      return other !== undefined && equal(value, other[1], budget);
    }),
  );
}

function contains(container: Value, item: Value, budget: Budget): boolean {
  const text = textOf(container);
  if (text !== undefined && !isPlaceholder(item)) {
    const part = textOf(item);
    if (part === undefined) {
      throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    }
    budget.spendCharacters(text.length);
    return text.includes(part);
  }
  if (isPlaceholder(container) || isPlaceholder(item)) return false;
  if (typeof container === "object" && (container?.kind === "dict" || container?.kind === "set")) {
    return container.entries.has(keyOf(item, budget));
  }
  return itemsOf(container, budget).some((candidate) => equal(candidate, item, budget));
}

/** `is`: for None, True, False and objects. Whether two equal texts or numbers are one object is an accident of Python. */
function same(left: Value, right: Value): boolean {
  const plain = (value: Value) => value !== null && typeof value !== "object" && typeof value !== "boolean";
  if (plain(left) && plain(right) && typeof left === typeof right) {
    throw invalid(`'is' does not compare ${typeName(left)} values; use '=='`);
  }
  return left === right;
}

/** Negative, zero or positive as `left` sorts before, with or after `right`; NaN when neither. */
export function order(left: Value, comparator: string, right: Value, budget: Budget): number {
  const numbers = [numberOf(left), numberOf(right)];
  if (numbers[0] !== undefined && numbers[1] !== undefined) return orderNumbers(numbers[0], numbers[1]);
  const texts = [textOf(left), textOf(right)];
  if (texts[0] !== undefined && texts[1] !== undefined) return orderTexts(texts[0], texts[1], budget);
  if (left !== null && right !== null && typeof left === "object" && typeof right === "object") {
    if ((left.kind === "list" || left.kind === "tuple") && right.kind === left.kind) {
      return orderItems(left.items, comparator, right.items, budget);
    }
  }
  const hint =
    isPlaceholder(left) || isPlaceholder(right)
      ? ". If you are using a dynamic parameter, you need to wrap it around a valid Data Type (e.g. Int8(placeholder))"
      : "";
  throw typeError(
    `'${comparator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'${hint}`,
  );
}

function orderNumbers(left: bigint | number, right: bigint | number): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : 0;
}

/** By code point, which UTF-16's own order is not. */
function orderTexts(left: string, right: string, budget: Budget): number {
  const shared = Math.min(left.length, right.length);
  budget.spend(shared);
  for (let at = 0; at < shared; at += 1) {
    if (left[at] !== right[at]) return (left.codePointAt(at) ?? 0) - (right.codePointAt(at) ?? 0);
  }
  return left.length - right.length;
}

function orderItems(
  left: readonly Value[],
  comparator: string,
  right: readonly Value[],
  budget: Budget,
): number {
  return budget.inside(() => {
    for (const [at, item] of left.entries()) {
      const other = right[at];
      if (other === undefined) return 1;
      if (!equal(item, other, budget)) return order(item, comparator, other, budget);
    }
    return left.length - right.length;
  });
}
