import type { Clock, Sleep } from "../time.ts";
import { MAX_RETRY_AFTER_MS } from "./retry.ts";

/**
 * When requests may start. One object for all batches of a client: a `Retry-After` that one batch meets holds for the
 * others too, and starts are at least 1/`maxPerSecond` apart.
 */
export class RateWindow {
  readonly #spacingMs: number;
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  #nextStart = 0;
  #closedUntil = 0;

  constructor(maxPerSecond: number, clock: Clock, sleep: Sleep) {
    this.#spacingMs = 1000 / maxPerSecond;
    this.#clock = clock;
    this.#sleep = sleep;
  }

  /** Resolves when a request may start, or when the signal is aborted. */
  async enter(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = this.#clock();
      const waitMs = this.#waitMs(now);
      if (waitMs <= 0) {
        this.#nextStart = now + this.#spacingMs;
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
    if (this.#nextStart - now > this.#spacingMs) this.#nextStart = now + this.#spacingMs;
    return Math.max(this.#closedUntil, this.#nextStart) - now;
  }
}
