import type { LivePulseRow } from "../rows.ts";

/** Whole minutes of which the mean is told. */
const MINUTES = 5;

export interface Pulse {
  /** Interactions a minute; null when there are not that many minutes. */
  readonly now: number | null;
  readonly before: number | null;
  /** Each whole minute, oldest first. */
  readonly counts: readonly number[];
}

/** The mean of the last five whole minutes beside that of the five before; the last row still runs, and is none of them. */
export function pulseOf(rows: readonly LivePulseRow[]): Pulse {
  const counts = rows.slice(0, -1).map(({ interactions }) => interactions);
  return {
    now: meanOf(counts.slice(-MINUTES)),
    before: meanOf(counts.slice(-2 * MINUTES, -MINUTES)),
    counts,
  };
}

function meanOf(counts: readonly number[]): number | null {
  return counts.length < MINUTES ? null : counts.reduce((sum, each) => sum + each, 0) / counts.length;
}
