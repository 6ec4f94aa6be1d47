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
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/;

/** `String`. */
export const string = () => z.string({ error: "a string" });

/** `String` that identifies the row: not empty; made by the client when left out. */
export const identity = () => string().min(1, { error: "a string that is not empty" }).optional();

/** `Int32`, as an integer. */
export const int32 = () =>
  z
    .number({ error: INT32_EXPECTED })
    .refine((value) => Number.isInteger(value) && value >= INT32_MIN && value <= INT32_MAX, {
      error: INT32_EXPECTED,
    });

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
  const time = typeof value === "string" ? parse(value) : value.getTime();
  const seconds = Math.floor(time / 1000);
  if (!(seconds >= 0 && seconds <= DATE_TIME_MAX_SECONDS)) return undefined;
  if (typeof value === "string" && value.length === 19) return value.replace("T", " ");
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}

/** Milliseconds since 1970, or NaN. Checks the calendar itself: `Date.parse` turns 30 February into 1 March. */
function parse(text: string): number {
  const match = DATE_TIME.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second, zone] = match;
  const time = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const inCalendar = new Date(time).getUTCDate() === Number(day) && Number(month) >= 1 && Number(month) <= 12;
  const inDay = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  return inCalendar && inDay ? time - offset(zone) : Number.NaN;
}

/** `+02:00` → 7,200,000 ms. */
function offset(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}
