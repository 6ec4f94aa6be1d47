import type { Run } from "../evaluation/run.ts";
import { invalid, type Raised } from "../faults.ts";
import { asciiDigits, readDigits, readFloat } from "../values/numbers.ts";
import { strOf } from "../values/text.ts";
import { isPlaceholder, isTrue, PLACEHOLDER_TEXT, type Value } from "../values/value.ts";
import type { Arguments } from "./arguments.ts";

/** How one type reads its text. */
export interface Cast {
  /** The type's name in errors. */
  readonly type: string;
  /** The value of a text, or undefined when the text does not fit the type. */
  readonly read: (text: string) => Value | undefined;
  /** Stands for an absent value in a check. */
  readonly placeholder: Value;
}

/** Documentation arguments and `defined`, which every type function takes after its value and default. */
const DOCUMENTED = ["default", "defined", "required", "description", "enum", "example", "format"] as const;

/** `T(value, default=None, defined=True, …)`. */
export function cast(args: Arguments, run: Run, { type, read, placeholder }: Cast): Value {
  const [given, fallback = null, defined = true] = args.bind("value", ...DOCUMENTED);
  const value = valueOrDefault(firstArgument(given), fallback);
  if (value === null) return absent(defined, run);
  if (isPlaceholder(value)) return placeholder;
  const text = strOf(value, run.budget);
  run.budget.spendCharacters(text.length);
  const result = read(text);
  if (result === undefined) throw invalid(`Error validating '${text}' to type ${type}`);
  return result;
}

/** The first argument of a type function. */
export function firstArgument(given: Value | undefined): Value {
  if (given === undefined) throw invalid("one of the transform type functions is missing an argument");
  return given;
}

/** The value, or its default if the value is absent; for a placeholder only a true default counts. */
export function valueOrDefault(value: Value, fallback: Value): Value {
  if (isPlaceholder(value)) return isTrue(fallback) ? fallback : value;
  return value === null ? fallback : value;
}

/** None where `defined=False` allows it. */
export function absent(defined: Value, run: Run): Value {
  if (!isTrue(defined)) return null;
  throw missingParameter(run.required);
}

function missingParameter(names: readonly string[]): Raised {
  const [last, ...others] = names.toReversed();
  const joined = others.length > 0 ? `${others.toReversed().join(", ")} and ${last}` : (last ?? "");
  const which = joined === "" ? "" : ` Check the parameters ${joined}.`;
  return invalid(
    `Required parameter is not defined.${which} Please provide a value or set a default value in the pipe code.`,
  );
}

function integer(bits: number, signed: boolean): Cast {
  const type = `${signed ? "Int" : "UInt"}${bits}`;
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const high = signed ? 2n ** BigInt(bits - 1) - 1n : 2n ** BigInt(bits) - 1n;
  // The narrow unsigned types take no sign; the wide ones are checked by range alone.
  const pattern = signed || bits > 64 ? /^[+-]?\d+\n?$/ : /^\d+\n?$/;
  const read = (text: string): bigint | undefined => {
    const plain = asciiDigits(text);
    const value = pattern.test(plain) ? readDigits(plain.trimEnd()) : undefined;
    return value !== undefined && value >= low && value <= high ? value : undefined;
  };
  return { type, read: (text) => numeric(type, read(text)), placeholder: { kind: "cast", type, value: 0n } };
}

function float(bits: number): Cast {
  const type = `Float${bits}`;
  return {
    type,
    read: (text) => numeric(type, readFloat(text)),
    placeholder: { kind: "cast", type, value: 0 },
  };
}

function numeric(type: string, value: bigint | number | undefined): Value | undefined {
  return value === undefined ? undefined : { kind: "cast", type, value };
}

/** A date type checks the shape of the text, not the calendar, and keeps the text. */
function dated(type: string, shape: RegExp, placeholder: string): Cast {
  return { type, read: (text) => (shape.test(text) ? text : undefined), placeholder };
}

const TEXT: Cast = { type: "String", read: (text) => text, placeholder: PLACEHOLDER_TEXT };

/** Absence is 0, and so are `0`, `false` in any case, and the empty text; every other text is 1. */
export const BOOLEAN: Cast = {
  type: "Boolean",
  read: (text) => (["", "0", "false"].includes(text.toLowerCase()) ? 0n : 1n),
  placeholder: 0n,
};

const WIDTHS = [8, 16, 32, 64, 128, 256];

/** Type functions that print as `toT('…')` or as quoted text, by name. */
export const CASTS: ReadonlyMap<string, Cast> = new Map(
  [
    ...WIDTHS.flatMap((bits) => [integer(bits, true), integer(bits, false)]),
    ...[32, 64].map(float),
    dated("Date", /^\d{4}-\d{2}-\d{2}\n?$/, "2019-01-01"),
    dated(
      "DateTime",
      /^(?:\d{4}.\d{2}.\d{2}[\sT]\d{2}:\d{2}:\d{2}|\d{2}.\d{2}.\d{4}.\d{1,2}:\d{1,2}:\d{1,2})/,
      "2019-01-01 00:00:00",
    ),
    dated(
      "DateTime64",
      /^(?:\d{4}.\d{2}.\d{2}[\sT]\d{2}:\d{2}:\d{2}.\d{3}|\d{2}.\d{2}.\d{4}.\d{1,2}:\d{1,2}:\d{1,2}.\d{1,3})/,
      "2019-01-01 00:00:00.000",
    ),
    TEXT,
  ].map((entry) => [entry.type, entry]),
);

const INT32 = integer(32, true);

/** `Int` and `Integer`: an Int32 that prints bare. */
export const BARE_INTEGER: Cast = {
  type: INT32.type,
  read: (text) => {
    const value = INT32.read(text);
    return typeof value === "object" && value?.kind === "cast" ? value.value : undefined;
  },
  placeholder: 0n,
};

/** `Boolean(value, default)`. */
export function boolean(args: Arguments, run: Run): Value {
  const [given, fallback = null] = args.bind("value", "default");
  const value = valueOrDefault(firstArgument(given), fallback);
  if (value === null || isPlaceholder(value)) return BOOLEAN.placeholder;
  return BOOLEAN.read(strOf(value, run.budget)) ?? null;
}
