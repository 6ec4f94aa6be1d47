/** One field of a cron expression: its bounds, and names that stand for numbers from the lower bound on. */
interface Field {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Minute, hour, day of month, month, day of week (0 and 7 are Sunday), and an optional sixth: second. */
const FIELDS: readonly Field[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 7, names: DAYS },
  { min: 0, max: 59, names: [] },
];

const NAMED = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/** Whether the text is `@on-demand`, a name such as `@daily`, or a cron expression of five or six fields. */
export function isSchedule(text: string): boolean {
  if (text === "@on-demand" || NAMED.includes(text.toLowerCase())) return true;
  const fields = text.toLowerCase().split(/\s+/);
  return fields.length >= 5 && fields.length <= 6 && fields.every(isFieldAt);
}

function isFieldAt(text: string, index: number): boolean {
  const field = FIELDS[index];
  return field !== undefined && text.split(",").every((part) => isRange(part, field));
}

/** `*`, `?`, `l` (last day), `a`, `a-b`, each with or without `/step`. */
function isRange(text: string, field: Field): boolean {
  const [, range = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (step !== undefined && Number(step) === 0) return false;
  if (["*", "?", "l"].includes(range)) return true;
  const bounds = range.split("-").map((part) => numberOf(part, field));
  const [from, to = from] = bounds;
  return bounds.length <= 2 && from != null && to != null && from <= to;
}

function numberOf(text: string, { min, max, names }: Field): number | null {
  const named = names.indexOf(text);
  if (named !== -1) return min + named;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= min && number <= max ? number : null;
}
