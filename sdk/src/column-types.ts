import { z } from "zod";

/**
 * ClickHouse column types as zod schemas. `schema.ts` is written in these words. The `error` of each is what was
 * expected; `errors.ts` adds the field and what came.
 */

/** `Int32`: -2³¹ to 2³¹ - 1. */
const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
/** `DateTime` holds unsigned 32-bit seconds since 1970: up to 2106-02-07 06:28:15 UTC. */
const DATE_TIME_MAX_SECONDS = 2 ** 32 - 1;

const DATE_TIME_EXPECTED =
  "a Date, 'YYYY-MM-DD HH:MM:SS' in UTC or an ISO 8601 date and time, from 1970-01-01 to 2106-02-07 06:28:15 UTC";
const INT32_EXPECTED = `an integer from ${INT32_MIN} to ${INT32_MAX}`;

/** Date, `T` or space, time to the second, optional fraction, optional zone (none = UTC). */
const DATE_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?$/;
/** `YYYY-MM-DD HH:MM:SS`, where text order is time order. */
const WIRE_LENGTH = 19;
const FIRST = "1970-01-01 00:00:00";
const LAST = "2106-02-07 06:28:15";

/** `String`. */
export const string = () => z.string({ error: "a string" });

/** `String` that identifies the row: not empty; made by the client when left out. */
export const identity = () => string().min(1, { error: "a string that is not empty" }).optional();

/** `Int32`, as an integer. */
export const int32 = () => z.int32({ error: INT32_EXPECTED });

/** `Array(T)`. */
export const array = <T extends z.ZodType>(item: T) => z.array(item, { error: "an array" });

/** `DateTime` on its way to the service: a `Date` or text in, `YYYY-MM-DD HH:MM:SS` in UTC out. Fractions are cut off. */
export const dateTime = () =>
  z
    .custom<Date | string>((value) => typeof value === "string" || value instanceof Date, {
      error: DATE_TIME_EXPECTED,
    })
    .transform((value, context) => {
      const text = toDateTime(value);
      if (text !== undefined) return text;
      context.addIssue({ code: "custom", message: DATE_TIME_EXPECTED });
      return z.NEVER;
    });

/** `DateTime` in an answer: `YYYY-MM-DD HH:MM:SS`, UTC. */
export const dateTimeText = string;

/** Any number in an answer: the service prints 64-bit integers bare, so those beyond 2⁵³ lose digits. */
export const number = () => z.number({ error: "a number" });

/** A `Date` or a text with a zone or none (UTC) as `YYYY-MM-DD HH:MM:SS` in UTC; undefined when it is no date or out of range. */
export function toDateTime(value: Date | string): string | undefined {
  if (typeof value !== "string") return print(value.getTime());
  if (!DATE_TIME.test(value) || !isInMonth(value)) return undefined;
  const text = value.replace("T", " ");
  if (text.length !== WIRE_LENGTH) return print(parse(text));
  return text >= FIRST && text <= LAST ? text : undefined;
}

/** Milliseconds since 1970 as text. */
function print(time: number): string | undefined {
  const seconds = Math.floor(time / 1000);
  if (!(seconds >= 0 && seconds <= DATE_TIME_MAX_SECONDS)) return undefined;
  return new Date(seconds * 1000).toISOString().slice(0, WIRE_LENGTH).replace("T", " ");
}

/** Milliseconds since 1970 of a text with a zone, or with a fraction in UTC. */
function parse(text: string): number {
  const hasZone = /(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  return Date.parse(hasZone ? text : `${text}Z`);
}

/** Whether the month has such a day: `Date.parse` turns 30 February into 1 March. */
function isInMonth(text: string): boolean {
  const day = Number(text.slice(8, 10));
  if (day <= 28) return true;
  const daysOfMonth = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  return day <= daysOfMonth;
}
