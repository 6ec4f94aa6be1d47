import type { Run } from "../evaluation/run.ts";
import { invalid } from "../faults.ts";
import { strOf } from "../values/text.ts";
import { isPlaceholder, isTrue, textOf, type Value } from "../values/value.ts";
import type { Arguments } from "./arguments.ts";
import { firstArgument } from "./casts.ts";

const DAY_FORMAT = "%Y-%m-%d";
const SECOND_FORMAT = "%Y-%m-%d %H:%M:%S";

const MICROSECONDS = 1_000_000n;

interface Difference {
  readonly seconds: bigint;
  readonly format: string;
  readonly fault: string;
}

const DAY_FAULT = (name: string) =>
  `invalid date format in function \`${name}\`, it must be ISO format date YYYY-MM-DD, e.g. 2018-09-26`;

const SECOND_FAULT = (name: string) =>
  `invalid date_format in function \`${name}\`, defaults to YYYY-MM-DD hh:mm:ss. Or %Y-%m-%d %H:%M:%S [.ssssss]Z, ` +
  "e.g. ms: 2022-12-19T18:42:22.591Z s:2022-12-19T18:42:22Z";

const DAYS = { seconds: 86_400n, format: DAY_FORMAT };

/** The differences by function name; the message for minutes names the one for seconds, as the engine's does. */
export const DIFFERENCES: ReadonlyMap<string, Difference> = new Map([
  ["date_diff_in_days", { ...DAYS, fault: DAY_FAULT("date_diff_in_days") }],
  [
    "date_diff_in_hours",
    { seconds: 3_600n, format: SECOND_FORMAT, fault: SECOND_FAULT("date_diff_in_hours") },
  ],
  [
    "date_diff_in_minutes",
    { seconds: 60n, format: SECOND_FORMAT, fault: SECOND_FAULT("date_diff_in_seconds") },
  ],
  [
    "date_diff_in_seconds",
    { seconds: 1n, format: SECOND_FORMAT, fault: SECOND_FAULT("date_diff_in_seconds") },
  ],
]);

/** `date_diff_in_…(a, b, date_format, default, backup_date_format, none_if_error)`: whole units between two times. */
export function dateDifference(args: Arguments, run: Run, difference: Difference): Value {
  const [from, to, format, fallback = null, backup = null, noneIfError = false] = args.bind(
    "date_0",
    "date_1",
    "date_format",
    "default",
    "backup_date_format",
    "none_if_error",
  );
  const times = [firstArgument(from), args.required(to, "date_1")];
  if (times.some(isPlaceholder)) return isTrue(fallback) ? fallback : 0n;
  const formats = [format ?? difference.format, ...(backup === null ? [] : [backup])];
  const patterns = formats.map((value) => strOf(value, run.budget));
  const [start, end] = times.map((time) => moment(time, patterns));
  if (start !== undefined && end !== undefined && start.zoned === end.zoned) {
    return between(start, end, difference.seconds);
  }
  if (isTrue(noneIfError)) return null;
  throw invalid(difference.fault);
}

/** `day_diff(a, b)`: days between two dates. */
export function dayDifference(args: Arguments): Value {
  const [from, to, fallback = null] = args.bind("date_0", "date_1", "default");
  const fault = `${DAY_FAULT("day_diff")}. For other fotmats, try \`date_diff_in_days\``;
  const dates = [firstArgument(from), args.required(to, "date_1")];
  if (dates.some(isPlaceholder)) return isTrue(fallback) ? fallback : 0n;
  const [start, end] = dates.map((date) => moment(date, [DAY_FORMAT]));
  if (start === undefined || end === undefined) throw invalid(fault);
  return between(start, end, DAYS.seconds);
}

function between(start: Moment, end: Moment, unit: bigint): bigint {
  const distance = end.microseconds - start.microseconds;
  return (distance < 0n ? -distance : distance) / (unit * MICROSECONDS);
}

interface Moment {
  readonly microseconds: bigint;
  readonly zoned: boolean;
}

function moment(value: Value, formats: readonly string[]): Moment | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  for (const format of formats) {
    const found = parseTime(text, format);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** strptime's directives that are supported, with the group each fills. */
const DIRECTIVES: ReadonlyMap<string, string> = new Map([
  ["Y", "(?<year>\\d{4})"],
  ["m", "(?<month>1[0-2]|0[1-9]|[1-9])"],
  ["d", "(?<day>3[01]|[12]\\d|0[1-9]|[1-9])"],
  ["H", "(?<hour>2[0-3]|[01]\\d|\\d)"],
  ["M", "(?<minute>[0-5]\\d|\\d)"],
  ["S", "(?<second>[0-5]\\d|\\d)"],
  ["f", "(?<fraction>\\d{1,6})"],
  ["z", "(?<zone>[+-]\\d\\d:?[0-5]\\d|Z)"],
  ["%", "%"],
]);

/** Longest date format, in characters; a real one has about twenty. */
const MAX_FORMAT = 100;

const FORMAT_PIECE = /%([\s\S]?)|(\s+)|([^%\s])/gu;

/** Reads a text by a strptime format; letters of the format match either case, a blank any run of blanks. */
function parseTime(text: string, format: string): Moment | undefined {
  const groups = compileFormat(format).exec(text)?.groups;
  if (groups === undefined) return undefined;
  const part = (name: string, otherwise = 0) => Number(groups[name] ?? otherwise);
  const [year, month, day] = [part("year", 1900), part("month", 1), part("day", 1)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (year < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  date.setUTCHours(part("hour"), part("minute"), part("second"));
  const fraction = BigInt((groups.fraction ?? "").padEnd(6, "0"));
  const seconds = BigInt(date.getTime() / 1_000) - offsetSeconds(groups.zone);
  return { microseconds: seconds * MICROSECONDS + fraction, zoned: groups.zone !== undefined };
}

function compileFormat(format: string): RegExp {
  if (format.length > MAX_FORMAT) throw invalid(`a date format has more than ${MAX_FORMAT} characters`);
  const pattern = format.replace(FORMAT_PIECE, (piece, directive: string | undefined, blank, literal) => {
    if (blank !== undefined) return "\\s+";
    if (literal !== undefined) return literal.replace(/[\^$\\.*+?()[\]{}|/-]/g, "\\$&");
    const group = DIRECTIVES.get(directive ?? "");
    if (group === undefined) throw invalid(`the date format ${piece} is not supported`);
    return group;
  });
  try {
    return new RegExp(`^${pattern}$`, "i");
  } catch {
    throw invalid(`the date format ${format} has a part twice`);
  }
}

function offsetSeconds(zone: string | undefined): bigint {
  const digits = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? "");
  if (digits === null) return 0n;
  const seconds = BigInt(Number(digits[2]) * 3_600 + Number(digits[3]) * 60);
  return digits[1] === "-" ? -seconds : seconds;
}
