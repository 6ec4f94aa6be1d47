import type { DataType, TypeArgument } from "./data-type.ts";
import { FAMILIES, familyOf, isAggregateFunction } from "./families.ts";

/** Families that ClickHouse does not accept inside Nullable. */
const NOT_NULLABLE: ReadonlySet<string> = new Set([
  "AggregateFunction",
  "Array",
  "Dynamic",
  "LowCardinality",
  "Map",
  "Nested",
  "Nullable",
  "Variant",
]);

/** How many types each of these takes as arguments. */
const TYPE_ARGUMENTS: ReadonlyMap<string, number> = new Map([
  ["Array", 1],
  ["LowCardinality", 1],
  ["Map", 2],
  ["Nullable", 1],
]);

/** Digits of the widest Decimal, from ClickHouse. */
const MAX_DECIMAL_PRECISION = 76;

/** What `sum` widens a type to; other numbers keep theirs. */
const SUM_RESULTS: ReadonlyMap<string, string> = new Map([
  ...["Int8", "Int16", "Int32"].map((family) => [family, "Int64"] as const),
  ...["Bool", "UInt8", "UInt16", "UInt32"].map((family) => [family, "UInt64"] as const),
  ...["BFloat16", "Float32"].map((family) => [family, "Float64"] as const),
]);

/**
 * Why ClickHouse would refuse this type, or null. It finds unknown families and aggregate functions, wrong nesting in
 * Nullable, Array, Map and LowCardinality, too wide decimals and sums; anything subtler is left to ClickHouse itself.
 */
export function checkDataType(type: DataType): string | null {
  const { family } = type;
  if (familyOf(family) === null) return unknownFamily(family);
  if (family === "AggregateFunction" || family === "SimpleAggregateFunction") return checkAggregate(type);
  return checkArguments(type) ?? checkNullable(type) ?? checkDecimal(type) ?? firstProblem(type.arguments);
}

function firstProblem(args: readonly TypeArgument[]): string | null {
  for (const argument of args) {
    const problem =
      argument.kind === "type" || argument.kind === "named" ? checkDataType(argument.type) : null;
    if (problem !== null) return problem;
  }
  return null;
}

function unknownFamily(family: string): string {
  const near = FAMILIES.filter((known) => isNear(known.toLowerCase(), family.toLowerCase()));
  const suggestion =
    near.length === 0 ? "" : `. Maybe you meant: [${near.map((name) => `'${name}'`).join(", ")}]`;
  return `Unknown data type family: ${family}${suggestion}`;
}

function checkArguments({ family, arguments: args }: DataType): string | null {
  const expected = TYPE_ARGUMENTS.get(family);
  const types = args.filter((argument) => argument.kind === "type").length;
  if (expected === undefined || (types === expected && args.length === expected)) return null;
  return `Error parsing type: ${family} expects ${expected === 1 ? "one type" : `${expected} types`} in parentheses`;
}

function checkNullable(type: DataType): string | null {
  const [inner] = innerTypes(type);
  if (type.family !== "Nullable" || inner === undefined || !NOT_NULLABLE.has(inner.family)) return null;
  return `Error parsing type: Nested type ${inner.family} cannot be inside Nullable type`;
}

function checkDecimal({ family, arguments: [precision] }: DataType): string | null {
  if (family !== "Decimal" || precision?.kind !== "number") return null;
  const digits = Number(precision.text);
  if (digits >= 1 && digits <= MAX_DECIMAL_PRECISION) return null;
  return `Wrong precision: it must be between 1 and ${MAX_DECIMAL_PRECISION}, got ${precision.text}`;
}

function checkAggregate(type: DataType): string | null {
  // AggregateFunction(1, sumMap, …): a version of the state's format may stand first.
  const [called, ...values] = innerTypes(type);
  if (called === undefined) return `Error parsing type: ${type.family} expects the name of a function first`;
  if (!isAggregateFunction(called.family)) {
    return `Error parsing type: Unknown aggregate function ${called.family}`;
  }
  for (const value of values) {
    const problem = checkDataType(value);
    if (problem !== null) return problem;
  }
  return type.family === "SimpleAggregateFunction" ? checkSum(called.family, values[0]) : null;
}

function checkSum(called: string, stored: DataType | undefined): string | null {
  if (called !== "sum" || stored === undefined) return null;
  const [inner = stored] = stored.family === "Nullable" ? innerTypes(stored) : [];
  const result = SUM_RESULTS.get(inner.family);
  if (result === undefined) return null;
  return `Incompatible data types between aggregate function 'sum' which returns ${result} and column storage type ${inner.family}`;
}

/** The arguments that are types, in order. */
function innerTypes(type: DataType): readonly DataType[] {
  return type.arguments.flatMap((argument) => (argument.kind === "type" ? [argument.type] : []));
}

/** Whether the names differ by at most one letter. */
function isNear(known: string, name: string): boolean {
  return Math.abs(known.length - name.length) <= 1 && distance(known, name) <= 1;
}

/** Edit distance of two names: inserted, deleted and replaced letters. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
