import type { Run } from "../evaluation/run.ts";
import { invalid, typeError } from "../faults.ts";
import { MAX_DIGITS } from "../limits.ts";
import { binary } from "../values/arithmetic.ts";
import { order } from "../values/comparison.ts";
import { readFloat, readInteger, roundTo, truncate } from "../values/numbers.ts";
import { strOf } from "../values/text.ts";
import {
  dict,
  isTrue,
  itemsOf,
  lengthOf,
  list,
  numberOf,
  type Series,
  textOf,
  tuple,
  typeName,
  type Value,
  valueSet,
} from "../values/value.ts";
import { Arguments } from "./arguments.ts";

type Builtin = (args: Arguments, run: Run) => Value;

/** The Python functions a template may call in its blocks, by name. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ["abs", (args) => absolute(one(args))],
  ["all", (args, run) => itemsOf(one(args), run.budget).every(isTrue)],
  ["any", (args, run) => itemsOf(one(args), run.budget).some(isTrue)],
  ["bool", (args) => isTrue(optional(args) ?? false)],
  ["dict", (args, run) => toDict(args, run)],
  ["enumerate", enumerate],
  ["filter", filter],
  ["float", (args) => toFloat(optional(args) ?? 0n)],
  ["int", (args, run) => toInteger(optional(args) ?? 0n, run)],
  ["isinstance", isInstance],
  ["len", (args, run) => BigInt(lengthOf(one(args), run.budget))],
  ["list", (args, run) => list(optionalItems(args, run))],
  ["map", map],
  ["max", (args, run) => extreme(args, run, 1)],
  ["min", (args, run) => extreme(args, run, -1)],
  ["range", range],
  ["reversed", (args, run) => series("reversed", itemsOf(one(args), run.budget).toReversed())],
  ["round", round],
  ["set", (args, run) => valueSet(optionalItems(args, run), run.budget)],
  ["sorted", sorted],
  ["str", (args, run) => strOf(optional(args) ?? "", run.budget)],
  ["sum", sum],
  ["tuple", (args, run) => ({ kind: "tuple", items: optionalItems(args, run) })],
  ["zip", zip],
]);

function series(name: string, items: readonly Value[]): Series {
  return { kind: "series", name, items };
}

function one(args: Arguments): Value {
  const [value] = args.bind("value");
  return args.required(value, "value");
}

function optional(args: Arguments): Value | undefined {
  return args.bind("value")[0];
}

function optionalItems(args: Arguments, run: Run): readonly Value[] {
  const value = optional(args);
  return value === undefined ? [] : itemsOf(value, run.budget);
}

function absolute(value: Value): Value {
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

function toFloat(value: Value): number {
  const number = numberOf(value);
  if (number !== undefined) return Number(number);
  const text = textOf(value);
  if (text === undefined)
    throw typeError(`float() argument must be a string or a number, not '${typeName(value)}'`);
  const float = readFloat(text);
  if (float === undefined) throw invalid(`could not convert string to float: '${text}'`);
  return float;
}

function toDict(args: Arguments, run: Run): Value {
  const source = new Arguments(args.function, args.positional).bind("mapping")[0];
  const pairs = source === undefined ? [] : pairsOf(source, run);
  return dict([...pairs, ...args.keywords], run.budget);
}

function pairsOf(source: Value, run: Run): readonly (readonly [Value, Value])[] {
  if (typeof source === "object" && source?.kind === "dict") return [...source.entries.values()];
  return itemsOf(source, run.budget).map((item) => {
    const [key, value, ...rest] = itemsOf(item, run.budget);
    if (key === undefined || value === undefined || rest.length > 0) throw invalid("dict() takes pairs");
    return [key, value];
  });
}

function enumerate(args: Arguments, run: Run): Value {
  const [items, start = 0n] = args.bind("iterable", "start");
  const first = toInteger(start, run);
  const all = itemsOf(args.required(items, "iterable"), run.budget);
  return series(
    "enumerate",
    all.map((item, at) => tuple(first + BigInt(at), item)),
  );
}

function filter(args: Arguments, run: Run): Value {
  const [test, items] = args.bind("function", "iterable");
  const keep = args.required(test, "function");
  const passes = (item: Value) => isTrue(keep === null ? item : apply(keep, item, run));
  return series("filter", itemsOf(args.required(items, "iterable"), run.budget).filter(passes));
}

function map(args: Arguments, run: Run): Value {
  const [change, items] = args.bind("function", "iterable");
  const all = itemsOf(args.required(items, "iterable"), run.budget);
  return series(
    "map",
    all.map((item) => apply(args.required(change, "function"), item, run)),
  );
}

function apply(callable: Value, item: Value, run: Run): Value {
  if (typeof callable !== "object" || callable?.kind !== "function") {
    throw typeError(`'${typeName(callable)}' object is not callable`);
  }
  run.budget.spend(1);
  return callable.call(new Arguments(callable.name, [item]), run);
}

/** The types that `isinstance` knows, by the names that `typeName` gives them. */
const INSTANCES: ReadonlyMap<string, readonly string[]> = new Map([
  ["bool", ["bool"]],
  ["dict", ["dict"]],
  ["float", ["float"]],
  ["int", ["int", "bool"]],
  ["list", ["list"]],
  ["set", ["set"]],
  ["str", ["str"]],
  ["tuple", ["tuple"]],
]);

function isInstance(args: Arguments, run: Run): Value {
  const [value, types] = args.bind("object", "type");
  const name = typeName(args.required(value, "object"));
  const type = args.required(types, "type");
  const candidates = typeof type === "object" && type?.kind === "tuple" ? itemsOf(type, run.budget) : [type];
  return candidates.some((candidate) => {
    const known = typeof candidate === "object" && candidate?.kind === "function" ? candidate.name : "";
    const names = INSTANCES.get(known);
    if (names === undefined) throw typeError(`isinstance() takes one of ${[...INSTANCES.keys()].join(", ")}`);
    return names.includes(name);
  });
}

function extreme(args: Arguments, run: Run, direction: 1 | -1): Value {
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

function range(args: Arguments, run: Run): Value {
  const bounds = args
    .bind("start", "stop", "step")
    .map((value) => (value === undefined ? undefined : wholeOf(value)));
  const [first = 0n, second, step = 1n] = bounds;
  const [start, stop] = second === undefined ? [0n, first] : [first, second];
  if (args.positional.length === 0) throw typeError("range() takes at least one whole number");
  if (step === 0n) throw invalid("range() arg 3 must not be zero");
  const distance = step > 0n ? stop - start : start - stop;
  const size = step > 0n ? step : -step;
  const count = distance > 0n ? Number((distance + size - 1n) / size) : 0;
  run.budget.spend(count);
  return series(
    "range",
    Array.from({ length: count }, (_, at) => start + BigInt(at) * step),
  );
}

function wholeOf(value: Value): bigint {
  const number = numberOf(value);
  if (typeof number !== "bigint")
    throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
  return number;
}

/** Most decimals that `round` keeps; a float has about 17 digits. */
const MAX_DECIMALS = 20;

function round(args: Arguments): Value {
  const [given, digits = null] = args.bind("number", "ndigits");
  const number = numberOf(args.required(given, "number"));
  if (number === undefined) throw typeError("round() takes a number");
  if (typeof number === "bigint" && (digits === null || wholeOf(digits) >= 0n)) return number;
  if (typeof number === "number" && digits === null) return truncate(roundTo(number, 0));
  const decimals = Number(wholeOf(digits));
  if (decimals < 0 || decimals > MAX_DECIMALS) throw invalid(`round() takes 0 to ${MAX_DECIMALS} decimals`);
  return roundTo(Number(number), decimals);
}

function sorted(args: Arguments, run: Run): Value {
  const [items, key = null, reverse = false] = args.bind("iterable", "key", "reverse");
  const all = itemsOf(args.required(items, "iterable"), run.budget);
  const keyed = all.map((item) => ({ item, by: key === null ? item : apply(key, item, run) }));
  const direction = isTrue(reverse) ? -1 : 1;
  keyed.sort((left, right) => direction * order(left.by, "<", right.by, run.budget));
  return list(keyed.map(({ item }) => item));
}

function sum(args: Arguments, run: Run): Value {
  const [items, start = 0n] = args.bind("iterable", "start");
  return itemsOf(args.required(items, "iterable"), run.budget).reduce<Value>(
    (total, item) => binary(total, "+", item, run.budget),
    start,
  );
}

function zip(args: Arguments, run: Run): Value {
  const columns = args.positional.map((value) => itemsOf(value, run.budget));
  const length = Math.min(...columns.map((column) => column.length));
  const count = Number.isFinite(length) ? length : 0;
  run.budget.spend(count * columns.length);
  return series(
    "zip",
    Array.from({ length: count }, (_, at) => tuple(...columns.map((column) => column[at] ?? null))),
  );
}
