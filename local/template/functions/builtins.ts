import type { Run } from "../evaluation/run.ts";
import { typeError } from "../faults.ts";
import { itemsOf, lengthOf } from "../values/items.ts";
import { strOf } from "../values/text.ts";
import { isTrue, list, typeName, type Value, valueSet } from "../values/value.ts";
import type { Arguments } from "./arguments.ts";
import { enumerate, filter, map, range, series, sorted, toDict, zip } from "./collection-builtins.ts";
import { absolute, extreme, round, sum, toFloat, toInteger } from "./number-builtins.ts";

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
