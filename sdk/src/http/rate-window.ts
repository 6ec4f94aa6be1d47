import type { Clock, Sleep } from "../time.ts";
import { MAX_RETRY_AFTER_MS } from "./retry.ts";

/** The service counts requests per second. */
const PERIOD_MS = 1_000;

/**
 * When requests may start. One object for all batches of a client: a `Retry-After` that one batch meets holds for the
 * others too, and any second has at most `maxPerSecond` starts.
 */
export class RateWindow {
  readonly #maxPerSecond: number;
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  /** The last starts, a ring: the oldest of `maxPerSecond` is the next to be overwritten. */
  readonly #starts: number[] = [];
  #next = 0;
  #closedUntil = 0;

  constructor(maxPerSecond: number, clock: Clock, sleep: Sleep) {
    this.#maxPerSecond = maxPerSecond;
    this.#clock = clock;
    this.#sleep = sleep;
  }

  /** Resolves when a request may start, or when the signal is aborted. */
  async enter(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = this.#clock();
      const waitMs = this.#waitMs(now);
      if (waitMs <= 0) {
        this.#starts[this.#next] = now;
        this.#next = (this.#next + 1) % this.#maxPerSecond;
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
  #waitMs(now: number): number {
    if (this.#closedUntil - now > MAX_RETRY_AFTER_MS) this.#closedUntil = now + MAX_RETRY_AFTER_MS;
    const oldest = this.#starts[this.#next];
    const full = oldest === undefined ? 0 : Math.min(oldest + PERIOD_MS - now, PERIOD_MS);
    return Math.max(this.#closedUntil - now, full);
  }
}
