import type { Run } from "../evaluation/run.ts";
import { EXCEPTIONS, type ExceptionName } from "../faults.ts";
import type { Callable, ExceptionType, Value } from "../values/value.ts";
import type { Arguments } from "./arguments.ts";
import { array } from "./array.ts";
import { BUILTINS } from "./builtins.ts";
import { BARE_INTEGER, boolean, CASTS, cast } from "./casts.ts";
import { defined, enumerateWithLast, json, splitToArray, sqlAnd, sqlUnescape } from "./conditions.ts";
import { DIFFERENCES, dateDifference, dayDifference } from "./dates.ts";
import { column, columnOf, columns, symbolOf, table } from "./identifiers.ts";
import {
  activate,
  backendHint,
  cacheTtl,
  disable,
  maxThreads,
  refuse,
  refuseWith,
  secret,
} from "./settings.ts";

type Body = (args: Arguments, run: Run) => Value;

const casts = [...CASTS].map(([name, type]): [string, Body] => [name, (args, run) => cast(args, run, type)]);
const differences = [...DIFFERENCES].map(([name, difference]): [string, Body] => [
  name,
  (args, run) => dateDifference(args, run, difference),
]);

/** Functions that both expressions and blocks may call. */
const EVERYWHERE: readonly (readonly [string, Body])[] = [
  ...casts,
  ["Int", (args, run) => cast(args, run, BARE_INTEGER)],
  ["Integer", (args, run) => cast(args, run, BARE_INTEGER)],
  ["Boolean", boolean],
  ["Array", array],
  ["JSON", json],
  ["column", column],
  ["columns", columns],
  ["symbol", symbolOf],
  ["table", table],
  ["TABLE", table],
  ["defined", defined],
  ["split_to_array", splitToArray],
  ["enumerate_with_last", enumerateWithLast],
  ["sql_and", sqlAnd],
  ["sql_unescape", sqlUnescape],
  ...differences,
  ["day_diff", dayDifference],
  ["error", refuse],
  ["custom_error", refuseWith],
  ["max_threads", maxThreads],
  ["backend_hint", backendHint],
  ["cache_ttl", cacheTtl],
  ["activate", activate],
  ["disable", disable],
  ["tb_secret", secret],
  ["tb_var", secret],
];

const BLOCKS_ONLY: readonly (readonly [string, Body])[] = [
  ["Symbol", symbolOf],
  ["Column", columnOf],
];

function callables(entries: Iterable<readonly [string, Body]>): ReadonlyMap<string, Callable> {
  return new Map(Array.from(entries, ([name, call]) => [name, { kind: "function", name, call }]));
}

/** The template language's own functions, whose names no parameter can have. */
export const FUNCTIONS = callables([...EVERYWHERE, ...BLOCKS_ONLY]);

const exceptions = Object.keys(EXCEPTIONS).map((name): [string, ExceptionType] => [
  name,
  { kind: "exception type", name: name as ExceptionName },
]);

/** Python's own words, which a parameter may also be named. */
export const BUILTIN_VALUES: ReadonlyMap<string, Callable | ExceptionType> = new Map<
  string,
  Callable | ExceptionType
>([...callables(BUILTINS), ...exceptions]);

/** Functions that `{{ }}` may call. */
export const PRINTABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  ...EVERYWHERE.map(([name]) => name),
  ..."len list map max min int float".split(" "),
]);
