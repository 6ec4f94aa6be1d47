import type { Clock, Sleep } from "../time.ts";
import { MAX_RETRY_AFTER_MS } from "./retry.ts";

/** The service counts requests per second. */
const PERIOD_MS = 1_000;

/** The last starts of one kind, a ring: the oldest of `maxPerSecond` is the next to be overwritten. */
type Starts = { readonly times: number[]; next: number };

/**
 * When requests may start. One object for all batches of a client: a `Retry-After` that one batch meets holds for the
 * others too. Starts are counted by name, as the service counts them by data source: any second has at most `maxPerSecond`.
 */
export class RateWindow {
  readonly #maxPerSecond: number;
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  readonly #starts = new Map<string, Starts>();
  #closedUntil = 0;

  constructor(maxPerSecond: number, clock: Clock, sleep: Sleep) {
    this.#maxPerSecond = maxPerSecond;
    this.#clock = clock;
    this.#sleep = sleep;
  }

  /** Resolves when a request may start, or when the signal is aborted. */
  async enter(signal: AbortSignal, name: string): Promise<void> {
    const starts = this.#starts.get(name) ?? { times: [], next: 0 };
    this.#starts.set(name, starts);
    while (!signal.aborted) {
      const now = this.#clock();
      const waitMs = this.#waitMs(now, starts);
      if (waitMs <= 0) {
        starts.times[starts.next] = now;
        starts.next = (starts.next + 1) % this.#maxPerSecond;
        return;
      }
      await this.#sleep(Math.ceil(waitMs), signal);
    }
  }

  /** No request starts for this many milliseconds. */
  closeFor(ms: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, this.#clock() + ms);
  }

  /** Both waits have an upper bound that holds when the clock steps back. */
  #waitMs(now: number, { times, next }: Starts): number {
    if (this.#closedUntil - now > MAX_RETRY_AFTER_MS) this.#closedUntil = now + MAX_RETRY_AFTER_MS;
    const oldest = times[next];
    const full = oldest === undefined ? 0 : Math.min(oldest + PERIOD_MS - now, PERIOD_MS);
    return Math.max(this.#closedUntil - now, full);
  }
}
