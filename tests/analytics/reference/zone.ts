/** The clock and calendar of a zone at one moment. */
export interface Local {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `YYYY-MM-DD HH:MM:SS`. */
  readonly text: string;
  readonly hour: number;
  /** 1 is Monday. */
  readonly weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  formats.set(zone, made);
  return made;
}

/** What the clock of `zone` shows at `moment`, seconds since 1970. */
export function localAt(moment: number, zone: string): Local {
  const text = formatOf(zone).format(new Date(moment * 1000));
  const day = text.slice(0, 10);
  return { day, text, hour: Number(text.slice(11, 13)), weekday: weekdayOf(day) };
}

/** `YYYY-MM-DD HH:MM:SS` of a moment in UTC. */
export function utcText(moment: number): string {
  return new Date(moment * 1000).toISOString().slice(0, 19).replace("T", " ");
}

export function moment(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}Z`) / 1000;
}

/** Days since 1970 of a date. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 86_400_000;
}

export function dayOf(number: number): string {
  return new Date(number * 86_400_000).toISOString().slice(0, 10);
}

function weekdayOf(day: string): number {
  return ((dayNumber(day) + 3) % 7) + 1;
}

/** The first moment of a day in a zone, found by looking at the clock. */
export function startOfDay(day: string, zone: string): number {
  const guess = dayNumber(day) * 86_400;
  for (let at = guess - 15 * 3600; at <= guess + 15 * 3600; at += 900) {
    if (localAt(at, zone).day === day) return at;
  }
  throw new Error(`${day} does not begin in ${zone}`);
}
