import type { Index, Statement, Target } from "../expression/nodes.ts";
import { invalid, refusal, typeError } from "../faults.ts";
import { binary } from "../values/arithmetic.ts";
import { itemsOf } from "../values/items.ts";
import { keyOf, typeName, type Value } from "../values/value.ts";
import { evaluate, type Place } from "./evaluate.ts";
import { position } from "./indexing.ts";

/** Carries out what a `set` block says. */
export function execute(statement: Statement, place: Place): void {
  switch (statement.kind) {
    case "expression":
      evaluate(statement.value, place);
      return;
    case "assign": {
      const value = evaluate(statement.value, place);
      for (const target of statement.targets) assign(target, value, place);
      return;
    }
    case "augment": {
      const { target, operator } = statement;
      const before = evaluate(target, place);
      const value = evaluate(statement.value, place);
      assign(target, binary(before, operator, value, place.run.budget), place);
      return;
    }
    case "refused":
      throw refusal(`${statement.what} is not supported`);
    default:
      statement satisfies never;
  }
}

/** Gives a value to a name, an entry, or item by item to a row of them. */
export function assign(target: Target, value: Value, place: Place): void {
  const { scope, run } = place;
  if (target.kind === "name") return scope.assign(target.name, value);
  if (target.kind === "index") return assignEntry(target, value, place);
  const items = itemsOf(value, run.budget);
  if (items.length !== target.items.length) {
    throw invalid(`expected ${target.items.length} values to unpack, got ${items.length}`);
  }
  target.items.forEach((part, at) => {
    if (part.kind === "name" || part.kind === "index" || part.kind === "tuple" || part.kind === "list") {
      assign(part, items[at] ?? null, place);
    }
  });
}

function assignEntry(target: Index, value: Value, place: Place): void {
  const container = evaluate(target.object, place);
  const at = evaluate(target.at, place);
  if (typeof container === "object" && container?.kind === "dict") {
    const key = keyOf(at, place.run.budget);
    container.entries.set(key, [container.entries.get(key)?.[0] ?? at, value]);
    return;
  }
  if (typeof container !== "object" || container?.kind !== "list") {
    throw typeError(`'${typeName(container)}' object does not support item assignment`);
  }
  container.items[position(at, container.items.length, "list assignment index out of range")] = value;
}
