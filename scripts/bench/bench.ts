/** One benchmark: what it measures, and how. Timings are only comparable within one run, so each has its floor in it. */
export interface Bench {
  /** One sentence for `--help`. */
  readonly description: string;
  /** Yields each figure as soon as it is known. Long ones watch `signal` and give back what they hold. */
  run(context: BenchContext): AsyncIterable<Figure>;
}

export interface BenchContext {
  /** Words behind the name on the command line, for benchmarks that take a size. */
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  /** A line for people: what is being prepared. */
  note(line: string): void;
}

/** One line of the report. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** For example `ms`, `rows/s`, `MB`. */
  readonly unit: string;
  /** This value over that of the floor, with the floor's name; absent for the floor itself and for sizes. */
  readonly ratio?: { readonly of: string; readonly value: number };
  /** The most that the ratio, or without one the value, may be: a run with more of it fails. */
  readonly most?: number;
  /** What the value should be, in words: `at most 1.1 of the floor`. */
  readonly aim?: string;
}

/** The value below which a share of the samples lies: `percentile(times, 0.99)`. Nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** Milliseconds that some work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
