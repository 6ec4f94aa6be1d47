/** Moments as the endpoints write them: `YYYY-MM-DD HH:MM:SS`, UTC or, in a `…_local` column, on a zone's clock. */

const MOMENT = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

export function isMoment(text: string): boolean {
  return MOMENT.test(text) && momentText(new Date(`${text}Z`)) === text;
}

/** Empty for a date that is none. */
export function momentText(date: Date): string {
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 19).replace("T", " ");
}

/** `Mon 23 Nov, 08:00` of a moment's own text: nothing is moved. */
export function spoken(local: string): string {
  return `${spokenDay(local)}, ${clock(local)}`;
}

/** `Mon 23 Nov` */
export function spokenDay(local: string): string {
  const date = new Date(`${local}Z`);
  return `${WEEKDAYS[date.getUTCDay()]} ${dayAndMonth(local)}`;
}

/** `23 Nov` */
export function dayAndMonth(local: string): string {
  const date = new Date(`${local}Z`);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

/** `08:00` */
export function clock(local: string): string {
  return local.slice(11, 16);
}

/** What the clocks of a zone show at a moment, written as the endpoints do. */
export function localText(date: Date, zone: string): string {
  const options = {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  } as const;
  const parts = new Intl.DateTimeFormat("en", options).formatToParts(date);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}:${of("second")}`;
}

/**
 * The moment (UTC) at which the clocks of a zone show a time, for a range that a reader types in. Of two, the earlier;
 * a time that is skipped is as long after the change as it claims to be after the last time before it.
 */
export function utcOfLocal(local: string, zone: string): string {
  const claimed = Date.parse(`${local}Z`);
  const offsetAt = (moment: number) => Date.parse(`${localText(new Date(moment), zone)}Z`) - moment;
  const DAY = 86_400_000;
  const offsets = [offsetAt(claimed - DAY), offsetAt(claimed + DAY)];
  const fits = offsets.map((offset) => claimed - offset).filter((at) => at + offsetAt(at) === claimed);
  return momentText(new Date(fits.length > 0 ? Math.min(...fits) : claimed - (offsets[0] ?? 0)));
}
