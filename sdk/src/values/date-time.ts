/** Dates and times as the service reads and writes them: text, always in UTC. */

/** `DateTime` holds unsigned 32-bit seconds since 1970: up to 2106-02-07 06:28:15 UTC. */
const DATE_TIME_MAX_SECONDS = 2 ** 32 - 1;

/** Date, `T` or space, time to the second, optional fraction, optional zone (none = UTC). */
const DATE_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?$/;
/** `YYYY-MM-DD HH:MM:SS`, where text order is time order. */
const WIRE_LENGTH = 19;
/** `YYYY-MM-DD`. */
const DAY_LENGTH = 10;
const FIRST = "1970-01-01 00:00:00";
const LAST = "2106-02-07 06:28:15";

/** The moment of a date or time in an answer (UTC); an invalid Date when the text is none. */
export const fromDateText = (text: string): Date =>
  new Date(text.length === DAY_LENGTH ? text : `${text.replace(" ", "T")}Z`);

/** A `Date` or a text with a zone or none (UTC) as `YYYY-MM-DD HH:MM:SS` in UTC; undefined when it is no date or out of range. */
export function toDateTime(value: Date | string): string | undefined {
  if (typeof value !== "string") return print(value.getTime());
  if (value === last.text) return value;
  if (!DATE_TIME.test(value) || !isInMonth(value)) return undefined;
  const text = value.replace("T", " ");
  if (text.length !== WIRE_LENGTH) return print(parse(text));
  return text >= FIRST && text <= LAST ? text : undefined;
}

/** As `toDateTime`, with a fraction of `precision` digits; from 1900 to 2299, as ClickHouse holds. */
export function toDateTime64(value: Date | string, precision: number): string | undefined {
  const text = typeof value === "string" ? value : isoText(value);
  if (text === undefined || !DATE_TIME.test(text) || !isInMonth(text)) return undefined;
  const [, seconds = "", digits = "", zone = ""] = /^(.{19})(?:\.(\d+))?(.*)$/.exec(text) ?? [];
  const moment = new Date(`${seconds.replace(" ", "T")}${zone || "Z"}`);
  const fraction = digits.slice(0, precision).padEnd(precision, "0");
  const whole = moment.toISOString().slice(0, WIRE_LENGTH).replace("T", " ");
  if (whole < "1900" || whole >= "2300") return undefined;
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

const isoText = (value: Date) => (Number.isNaN(value.getTime()) ? undefined : value.toISOString());

/** `YYYY-MM-DD`: the day in UTC of a `Date`, or such a text; undefined when it is none. */
export function toDay(value: Date | string): string | undefined {
  if (typeof value === "string") return isDay(value) ? value : undefined;
  return isoText(value)?.slice(0, DAY_LENGTH);
}

const isDay = (text: string) =>
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(text) && isInMonth(text);

/** Milliseconds since 1970 as text. */
function print(time: number): string | undefined {
  const seconds = Math.floor(time / 1000);
  if (seconds === last.seconds) return last.text;
  if (!(seconds >= 0 && seconds <= DATE_TIME_MAX_SECONDS)) return undefined;
  const text = new Date(seconds * 1000).toISOString().slice(0, WIRE_LENGTH).replace("T", " ");
  last = { seconds, text };
  return text;
}

/** Events come many in a second, most of them with the time of now. */
let last = { seconds: 0, text: FIRST };

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
