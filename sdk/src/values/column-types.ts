import * as z from "zod";
import { toDateTime, toDateTime64, toDay } from "./date-time.ts";
import { wireFormOf, withWireForm } from "./wire-form.ts";

/**
 * ClickHouse column types as zod schemas: the words that `schema.generated.ts` is written in. The `error` of each is
 * what was expected; `errors.ts` adds the field and what came.
 */

const DATE_TIME_EXPECTED =
  "a Date, 'YYYY-MM-DD HH:MM:SS' in UTC or an ISO 8601 date and time, from 1970-01-01 to 2106-02-07 06:28:15 UTC";

/** `String`. */
export const string = () => withWireForm(z.string({ error: "a string" }), isString);
const isString = (value: unknown) => typeof value === "string";

/** `String` that identifies the row: not empty; made by the client when left out. */
export const identity = () =>
  withWireForm(
    string().min(1, { error: "a string that is not empty" }).optional(),
    (value) => value === undefined || (typeof value === "string" && value !== ""),
  );

const integer = (min: number, max: number) => () => {
  const error = `an integer from ${min} to ${max}`;
  return withWireForm(
    z.int({ error }).min(min, { error }).max(max, { error }),
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
  );
};

export const int8 = integer(-(2 ** 7), 2 ** 7 - 1);
export const int16 = integer(-(2 ** 15), 2 ** 15 - 1);
export const int32 = integer(-(2 ** 31), 2 ** 31 - 1);
/** `Int64` and wider: a number holds integers up to 2⁵³ - 1 exactly, so no more is taken. */
export const int64 = integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
export const uint8 = integer(0, 2 ** 8 - 1);
export const uint16 = integer(0, 2 ** 16 - 1);
export const uint32 = integer(0, 2 ** 32 - 1);
/** `UInt64` and wider, up to 2⁵³ - 1. */
export const uint64 = integer(0, Number.MAX_SAFE_INTEGER);

/** `Float32`, `Float64`, `Decimal`. */
export const float = () => withWireForm(z.number({ error: "a finite number" }), Number.isFinite);

/** `Bool`. */
export const boolean = () =>
  withWireForm(z.boolean({ error: "true or false" }), (value) => typeof value === "boolean");

/** `UUID`, of any version. */
export const uuid = () => z.guid({ error: "a UUID" });

/** `Enum8`, `Enum16`, and parameters with an `enum`. */
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `one of ${values.join(", ")}` });

/** `Array(T)`. */
export const array = <T extends z.ZodType>(item: T) => {
  const { isWireForm } = wireFormOf(item);
  return withWireForm(
    z.array(item, { error: "an array" }),
    (value) => Array.isArray(value) && everyItem(value, isWireForm),
  );
};

/** Holes included, which `every` skips and JSON prints as null. */
function everyItem(items: readonly unknown[], check: (item: unknown) => boolean): boolean {
  for (let index = 0; index < items.length; index += 1) if (!check(items[index])) return false;
  return true;
}

/** `Nullable(T)`, and columns with a DEFAULT: may be left out. */
export const nullable = <T extends z.ZodType>(type: T) => {
  const { isWireForm, printDate } = wireFormOf(type);
  const check = (value: unknown) => value === undefined || value === null || isWireForm(value);
  return withWireForm(type.nullish(), check, printDate);
};
export const optional = <T extends z.ZodType>(type: T) => {
  const { isWireForm, printDate } = wireFormOf(type);
  const check = (value: unknown) => value === undefined || isWireForm(value);
  return withWireForm(type.optional(), check, printDate);
};

/** `Map(String, T)`. */
export const map = <T extends z.ZodType>(value: T) => z.record(z.string(), value, { error: "an object" });

/** A type that has no form of its own in JSON, such as `JSON` or `Tuple`. */
export const anything = () => z.unknown();

/**
 * An `Array` parameter. It travels as text with commas, so no item may hold one: the service would read two.
 */
export const list = <T extends z.ZodType>(item: T) =>
  array(item).refine((items) => items.every((one) => !String(one).includes(",")), {
    error: "a list whose items hold no comma",
  });

/** `Date` on its way to the service: a `Date` (its day in UTC) or `YYYY-MM-DD`. */
export const date = () => dateLike("a Date or 'YYYY-MM-DD'", (value) => toDay(value));

/** `DateTime64(precision)` on its way to the service: as `dateTime`, with a fraction of `precision` digits. */
export const dateTime64 = (precision: number) =>
  dateLike("a Date, 'YYYY-MM-DD HH:MM:SS.mmm' in UTC or an ISO 8601 date and time", (value) =>
    toDateTime64(value, precision),
  );

/** `DateTime` on its way to the service: a `Date` or text in, `YYYY-MM-DD HH:MM:SS` in UTC out. Fractions are cut off. */
export const dateTime = () => dateLike(DATE_TIME_EXPECTED, toDateTime);

function dateLike(expected: string, print: (value: Date | string) => string | undefined) {
  const schema = z
    .custom<Date | string>((value) => typeof value === "string" || value instanceof Date, { error: expected })
    .transform((value, context) => {
      const text = print(value);
      if (text !== undefined) return text;
      context.addIssue({ code: "custom", message: expected });
      return z.NEVER;
    });
  return withWireForm(schema, (value) => typeof value === "string" && print(value) === value, print);
}

/** A date or time in an answer: `YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS`, UTC. */
export const dateText = string;

/** An integer in an answer: the service prints 64-bit integers bare, so those beyond 2⁵³ lose digits. */
export const number = () => z.number({ error: "a number" });

/** A float in an answer. JSON has no NaN and no infinity: the service prints null, which is read as NaN. */
export const floatOrNaN = () =>
  z.union([z.number(), z.null().transform(() => Number.NaN)], { error: "a number" });
