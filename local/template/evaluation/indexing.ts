import type { Expression, Index, Slice } from "../expression/nodes.ts";
import { invalid, Raised, typeError } from "../faults.ts";
import { itemsOf } from "../values/items.ts";
import { strOf } from "../values/text.ts";
import {
  isPlaceholder,
  keyOf,
  list,
  numberOf,
  PLACEHOLDER,
  textOf,
  typeName,
  type Value,
} from "../values/value.ts";
import { evaluate, type Place } from "./evaluate.ts";

/** `object[at]`, one item or a slice of them. */
export function indexed(node: Index, place: Place): Value {
  const object = evaluate(node.object, place);
  if (node.at.kind === "slice") return sliced(object, node.at, place);
  const at = evaluate(node.at, place);
  const { budget } = place.run;
  if (isPlaceholder(object)) {
    position(at, itemsOf(object, budget).length, "Placeholder index out of range");
    return PLACEHOLDER;
  }
  if (typeof object === "object" && object?.kind === "dict")
    return entry(object.entries.get(keyOf(at, budget)), at, place);
  const items = sequenceItems(object, place);
  const fault = textOf(object) === undefined ? `${typeName(object)} index out of range` : TEXT_INDEX_FAULT;
  return items[position(at, items.length, fault)] ?? null;
}

const TEXT_INDEX_FAULT =
  "String index out of range. Check that string parameters have values before accessing specific characters " +
  "(e.g., param[0]). Provide default values or add length checks in your template.";

function entry(found: readonly [Value, Value] | undefined, key: Value, place: Place): Value {
  if (found !== undefined) return found[1];
  throw new Raised(
    "KeyError",
    `Missing key '${strOf(key, place.run.budget)}' while rendering the template. Ensure every object accessed in the template has this key.`,
  );
}

function sequenceItems(value: Value, place: Place): readonly Value[] {
  const indexable =
    textOf(value) !== undefined ||
    (typeof value === "object" &&
      value !== null &&
      (value.kind === "list" ||
        value.kind === "tuple" ||
        (value.kind === "series" && value.name === "range")));
  if (!indexable) throw typeError(`'${typeName(value)}' object is not subscriptable`);
  return itemsOf(value, place.run.budget);
}

/** An index counted from either end. */
export function position(at: Value, length: number, fault: string): number {
  const number = numberOf(at);
  if (typeof number !== "bigint") throw typeError(`indices must be integers, not ${typeName(at)}`);
  const index = number < 0n ? number + BigInt(length) : number;
  if (index < 0n || index >= BigInt(length)) throw new Raised("IndexError", fault);
  return Number(index);
}

function sliced(object: Value, { start, stop, step }: Slice, place: Place): Value {
  const items = sequenceItems(object, place);
  const bound = (node: Expression | undefined) => (node === undefined ? null : evaluate(node, place));
  const picked = slicePositions(items.length, bound(start), bound(stop), bound(step)).map(
    (at) => items[at] ?? null,
  );
  if (textOf(object) !== undefined) return picked.map((item) => textOf(item) ?? "").join("");
  if (typeof object === "object" && object?.kind === "series")
    throw typeError("a range cannot be sliced here");
  return typeof object === "object" && object?.kind === "tuple"
    ? { kind: "tuple", items: picked }
    : list(picked);
}

function slicePositions(length: number, start: Value, stop: Value, step: Value): readonly number[] {
  const whole = (value: Value) => {
    const number = numberOf(value);
    if (typeof number !== "bigint") throw typeError("slice indices must be integers or None");
    return Math.max(-length - 1, Math.min(length + 1, Number(number)));
  };
  const by = step === null ? 1 : whole(step);
  if (by === 0) throw invalid("slice step cannot be zero");
  const [lowest, highest] = by > 0 ? [0, length] : [-1, length - 1];
  const clamp = (value: Value, otherwise: number) => {
    if (value === null) return otherwise;
    const at = whole(value);
    return Math.max(lowest, Math.min(highest, at < 0 ? at + length : at));
  };
  const from = clamp(start, by > 0 ? lowest : highest);
  const to = clamp(stop, by > 0 ? highest : lowest);
  const positions: number[] = [];
  for (let at = from; by > 0 ? at < to : at > to; at += by) positions.push(at);
  return positions;
}
