import type { Run } from "../evaluation/run.ts";
import { invalid, typeError } from "../faults.ts";
import { MAX_DIGITS } from "../limits.ts";
import { binary } from "../values/arithmetic.ts";
import { order } from "../values/comparison.ts";
import { itemsOf } from "../values/items.ts";
import { readFloat, readInteger, roundTo, truncate } from "../values/numbers.ts";
import { numberOf, textOf, typeName, type Value } from "../values/value.ts";
import type { Arguments } from "./arguments.ts";

/** `abs(value)`. */
export function absolute(value: Value): Value {
  const number = numberOf(value);
  if (number === undefined) throw typeError(`bad operand type for abs(): '${typeName(value)}'`);
  return number < 0 ? -number : number;
}

/** Python's `int(value)`. */
export function toInteger(value: Value, run: Run): bigint {
  const number = numberOf(value);
  if (number !== undefined) return typeof number === "bigint" ? number : truncate(number);
  const text = textOf(value);
  if (text === undefined)
    throw typeError(`int() argument must be a string or a number, not '${typeName(value)}'`);
  run.budget.spend(Math.min(text.length, MAX_DIGITS));
  const whole = readInteger(text);
  if (whole === undefined) throw invalid(`invalid literal for int() with base 10: '${text}'`);
  return whole;
}

/** `float(value)`. */
export function toFloat(value: Value): number {
  const number = numberOf(value);
  if (number !== undefined) return Number(number);
  const text = textOf(value);
  if (text === undefined)
    throw typeError(`float() argument must be a string or a number, not '${typeName(value)}'`);
  const float = readFloat(text);
  if (float === undefined) throw invalid(`could not convert string to float: '${text}'`);
  return float;
}

/** `max(…)` for 1, `min(…)` for -1: of several values, or of the items of one. */
export function extreme(args: Arguments, run: Run, direction: 1 | -1): Value {
  const { positional } = args;
  const [first] = positional;
  if (first === undefined || args.keywords.size > 0) throw typeError(`${args.function}() takes values only`);
  const [best, ...others] = positional.length > 1 ? positional : itemsOf(first, run.budget);
  if (best === undefined) throw invalid(`${args.function}() of nothing`);
  const sign = direction > 0 ? ">" : "<";
  return others.reduce(
    (winner, item) => (order(item, sign, winner, run.budget) * direction > 0 ? item : winner),
    best,
  );
}

/** A whole number, and nothing that only reads like one. */
export function wholeOf(value: Value): bigint {
  const number = numberOf(value);
  if (typeof number !== "bigint")
    throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
  return number;
}

/** Most decimals that `round` keeps; a float has about 17 digits. */
const MAX_DECIMALS = 20;

/** `round(number, ndigits)`: half to even. */
export function round(args: Arguments): Value {
  const [given, digits = null] = args.bind("number", "ndigits");
  const number = numberOf(args.required(given, "number"));
  if (number === undefined) throw typeError("round() takes a number");
  if (typeof number === "bigint" && (digits === null || wholeOf(digits) >= 0n)) return number;
  if (typeof number === "number" && digits === null) return truncate(roundTo(number, 0));
  const decimals = Number(wholeOf(digits));
  if (decimals < 0 || decimals > MAX_DECIMALS) throw invalid(`round() takes 0 to ${MAX_DECIMALS} decimals`);
  return roundTo(Number(number), decimals);
}

/** `sum(iterable, start)`. */
export function sum(args: Arguments, run: Run): Value {
  const [items, start = 0n] = args.bind("iterable", "start");
  return itemsOf(args.required(items, "iterable"), run.budget).reduce<Value>(
    (total, item) => binary(total, "+", item, run.budget),
    start,
  );
}
