import { clock, dayAndMonth } from "../format/moment.ts";

/** A tick at a bucket, by its place in the list. */
export interface TimeTick {
  readonly index: number;
  readonly label: string;
}

/** Minutes between two ticks within a day. */
const MINUTE_STEPS = [1, 5, 10, 15, 30, 60, 120, 180, 360, 720] as const;

const DAY_STEPS = [1, 2, 7, 14, 30, 91, 182] as const;

/** Beyond so many days an axis shows dates without times. */
const DAYS_WITH_TIMES = 2;

/**
 * Ticks at round times of the clock that the server wrote (`bucket_local`), so that days on which it changes are right.
 * @param most ticks that there is room for
 */
export function timeTicks(locals: readonly string[], most: number): readonly TimeTick[] {
  if (locals.length === 0 || most < 1) return [];
  const days = (Date.parse(`${locals.at(-1)}Z`) - Date.parse(`${locals[0]}Z`)) / 86_400_000;
  return days > DAYS_WITH_TIMES ? dayTicks(locals, most) : minuteTicks(locals, most);
}

function minuteTicks(locals: readonly string[], most: number): readonly TimeTick[] {
  for (const step of MINUTE_STEPS) {
    const found = locals.flatMap((local, index) =>
      minutesOf(local) % step === 0 ? [{ index, label: clock(local) }] : [],
    );
    const once = found.filter(({ label }, i) => label !== found[i - 1]?.label && isFirst(locals, found[i]));
    if (once.length <= most) return once;
  }
  return [];
}

/** Where a clock is put back an hour comes twice; its second coming has no tick of its own. */
function isFirst(locals: readonly string[], tick: TimeTick | undefined): boolean {
  return tick !== undefined && locals.indexOf(locals[tick.index] ?? "") === tick.index;
}

/** At the first bucket of a day: some zones skip midnight. */
function dayTicks(locals: readonly string[], most: number): readonly TimeTick[] {
  const starts = locals.flatMap((local, index) => {
    const day = local.slice(0, 10);
    // The first bucket begins a day only when it is a whole one.
    const begins = index === 0 ? minutesOf(local) === 0 : locals[index - 1]?.slice(0, 10) !== day;
    return begins
      ? [{ index, label: dayAndMonth(local), day: Math.round(Date.parse(day) / 86_400_000) }]
      : [];
  });
  for (const step of DAY_STEPS) {
    const found = starts.filter(({ day }) => day % step === 0);
    if (found.length <= most) return found.map(({ index, label }) => ({ index, label }));
  }
  return [];
}

function minutesOf(local: string): number {
  return Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));
}
