import { cumulative, indexAt } from "./distributions.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** The busiest hour of the day, UTC: evening in Europe, noon in America. */
const PEAK_HOUR = 18;
/** Traffic at the peak is (1 + swing) / (1 - swing) times that of the quietest hour. */
const DAILY_SWING = 0.6;
/** Longest time one burst lasts; in short windows a twentieth of the window. */
const BURST_MS = 40 * MINUTE_MS;
/** Traffic during a burst, in multiples of the usual. */
const BURST_LIFT = 4;
const NOISE_MINUTES = 15;
/** Where in the window each burst starts; the last one is still fresh at the end. */
export const BURST_STARTS = [0.22, 0.48, 0.71, 0.975] as const;

export type Timeline = {
  /** Moment at share `q` (0 ≤ q < 1) of all traffic, in milliseconds since 1970; grows with q. */
  readonly momentAt: (q: number) => number;
  /** Number of the burst that holds this moment, or undefined. */
  readonly burstAt: (moment: number) => number | undefined;
  /** First millisecond of each burst. */
  readonly bursts: readonly number[];
};

/**
 * A window `[from, to)` (milliseconds) with a daily rhythm and a few bursts. Each quarter of an hour
 * is multiplied by the next number of `noise`, from the start again after the last; an empty list leaves it smooth.
 */
export function timeline(from: number, to: number, noise: readonly number[]): Timeline {
  const span = to - from;
  const bursts = BURST_STARTS.map((share) => from + Math.floor(span * share));
  const burstLength = Math.min(BURST_MS, span / 20);
  const burstAt = (moment: number) => {
    const found = bursts.findIndex((start) => moment >= start && moment < start + burstLength);
    return found < 0 ? undefined : found;
  };
  const steps = Math.max(1, Math.ceil(span / MINUTE_MS));
  const step = span / steps;
  const traffic = Array.from({ length: steps }, (_, i) => {
    const middle = from + (i + 0.5) * step;
    return (
      daily(middle) *
      (burstAt(middle) === undefined ? 1 : BURST_LIFT) *
      (noise[Math.floor(i / NOISE_MINUTES) % noise.length] ?? 1)
    );
  });
  const sums = cumulative(traffic);
  return { momentAt: (q) => inverse(sums, q, from, step), burstAt, bursts };
}

function daily(moment: number): number {
  const hour = (moment % (24 * HOUR_MS)) / HOUR_MS;
  return 1 + DAILY_SWING * Math.cos(((hour - PEAK_HOUR) / 24) * 2 * Math.PI);
}

/** Within a step traffic is even, so the inverse is a straight line there. */
function inverse(sums: Float64Array, q: number, from: number, step: number): number {
  const i = indexAt(sums, q);
  const before = i === 0 ? 0 : (sums[i - 1] ?? 0);
  const share = (sums[i] ?? 1) - before;
  return from + (i + (q - before) / share) * step;
}
