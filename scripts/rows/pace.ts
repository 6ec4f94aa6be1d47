import { setTimeout as timer } from "node:timers/promises";

export type PaceOptions = {
  /** Items per second. */
  readonly rate: number;
  /** Ends the sequence early, without an error. */
  readonly signal: AbortSignal;
  /** Milliseconds; default a monotonic clock. */
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
};

/** The same items, none earlier than its turn. A late one makes up for lost time, so the mean rate holds. */
export async function* paced<T>(items: Iterable<T>, options: PaceOptions): AsyncGenerator<T> {
  const { rate, signal, now = () => performance.now(), sleep = sleepUntil(signal) } = options;
  const start = now();
  let index = 0;
  for (const item of items) {
    const wait = start + (index++ / rate) * 1_000 - now();
    // A timer is not finer than a millisecond: faster rates go in small groups.
    if (wait >= 1) await sleep(wait);
    if (signal.aborted) return;
    yield item;
  }
}

/** The same items until the signal is aborted. */
export function* whileOpen<T>(items: Iterable<T>, signal: AbortSignal): Generator<T> {
  for (const item of items) {
    if (signal.aborted) return;
    yield item;
  }
}

function sleepUntil(signal: AbortSignal): (ms: number) => Promise<void> {
  return (ms) => timer(ms, undefined, { signal }).catch(() => undefined);
}
