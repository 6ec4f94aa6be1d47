import type { Run } from "../evaluation/run.ts";
import { invalid, typeError } from "../faults.ts";
import { order } from "../values/comparison.ts";
import { itemsOf } from "../values/items.ts";
import { dict, isTrue, list, type Series, tuple, typeName, type Value } from "../values/value.ts";
import { Arguments } from "./arguments.ts";
import { toInteger, wholeOf } from "./number-builtins.ts";

/** What a lazy function of Python gives, worked out at once. */
export function series(name: string, items: readonly Value[]): Series {
  return { kind: "series", name, items };
}

/** `dict(mapping, key=value)`. */
export function toDict(args: Arguments, run: Run): Value {
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

/** `enumerate(iterable, start)`. */
export function enumerate(args: Arguments, run: Run): Value {
  const [items, start = 0n] = args.bind("iterable", "start");
  const first = toInteger(start, run);
  const all = itemsOf(args.required(items, "iterable"), run.budget);
  return series(
    "enumerate",
    all.map((item, at) => tuple(first + BigInt(at), item)),
  );
}

/** `filter(function, iterable)`. */
export function filter(args: Arguments, run: Run): Value {
  const [test, items] = args.bind("function", "iterable");
  const keep = args.required(test, "function");
  const passes = (item: Value) => isTrue(keep === null ? item : apply(keep, item, run));
  return series("filter", itemsOf(args.required(items, "iterable"), run.budget).filter(passes));
}

/** `map(function, iterable)`. */
export function map(args: Arguments, run: Run): Value {
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

/** `range(start, stop, step)`; its size is paid for before it is made. */
export function range(args: Arguments, run: Run): Value {
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

/** `sorted(iterable, key, reverse)`. */
export function sorted(args: Arguments, run: Run): Value {
  const [items, key = null, reverse = false] = args.bind("iterable", "key", "reverse");
  const all = itemsOf(args.required(items, "iterable"), run.budget);
  const keyed = all.map((item) => ({ item, by: key === null ? item : apply(key, item, run) }));
  const direction = isTrue(reverse) ? -1 : 1;
  keyed.sort((left, right) => direction * order(left.by, "<", right.by, run.budget));
  return list(keyed.map(({ item }) => item));
}

/** `zip(a, b, …)`. */
export function zip(args: Arguments, run: Run): Value {
  const columns = args.positional.map((value) => itemsOf(value, run.budget));
  const length = Math.min(...columns.map((column) => column.length));
  const count = Number.isFinite(length) ? length : 0;
  run.budget.spend(count * columns.length);
  return series(
    "zip",
    Array.from({ length: count }, (_, at) => tuple(...columns.map((column) => column[at] ?? null))),
  );
}
