import { fault } from "../errors.ts";

/** Statements that may wait for one session. Beyond, a caller is told to come back rather than kept in memory. */
const MAX_WAITING = 256;

/** A queue of one: a piece of work starts when the one before has ended, as a chdb session runs one statement at a time. */
export class Lane {
  private tail: Promise<unknown> = Promise.resolve();
  waiting = 0;

  /**
   * Runs work in its turn; work whose signal is aborted by then is not begun.
   * @throws TinybirdError OVERLOADED, QUERY_CANCELLED
   */
  run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (this.waiting >= MAX_WAITING) return Promise.reject(fault("OVERLOADED", "too many statements wait"));
    const mine = this.tail.then(() => {
      if (signal?.aborted) throw fault("QUERY_CANCELLED");
      return work();
    });
    this.tail = mine.catch(() => undefined);
    this.waiting += 1;
    return mine.finally(() => {
      this.waiting -= 1;
    });
  }

  /** Resolves when all that was given to it has ended. */
  async drained(): Promise<void> {
    await this.tail;
  }
}
