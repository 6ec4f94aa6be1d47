export type QueueLimits = {
  /** What may be reserved at most. */
  readonly maxBytes: number;
  /** Above this many bytes callers are asked to wait. */
  readonly highWaterBytes: number;
};

type Waiter = { readonly bytes: number; readonly resolve: () => void };

/**
 * Items first in, first out, within a bound of bytes that the caller reserves for them: they stay reserved until `release`,
 * also while an item is under way.
 */
export class Queue<T> {
  readonly #limits: QueueLimits;
  #items: T[] = [];
  /** Items before this index are gone; the array is cut when half of it is, so `shift` costs the same for any length. */
  #head = 0;
  #reserved = 0;
  #waiters: readonly Waiter[] = [];

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get reservedBytes(): number {
    return this.#reserved;
  }

  /** Whether less is reserved than the high-water mark, and `bytes` more can be. */
  hasRoom(bytes = 0): boolean {
    const { highWaterBytes, maxBytes } = this.#limits;
    return this.#reserved < highWaterBytes && this.#reserved + bytes <= maxBytes;
  }

  /** Takes `bytes` of the bound, or says no. */
  reserve(bytes: number): boolean {
    if (this.#reserved + bytes > this.#limits.maxBytes) return false;
    this.take(bytes);
    return true;
  }

  /** Takes `bytes` beyond the bound too. */
  take(bytes: number): void {
    this.#reserved += bytes;
  }

  release(bytes: number): void {
    this.#reserved -= bytes;
    const woken = this.#waiters.filter((waiter) => this.#fits(waiter.bytes));
    if (woken.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => !this.#fits(waiter.bytes));
    for (const waiter of woken) waiter.resolve();
  }

  /** Resolves when `hasRoom(bytes)`, or when nothing is left to wait for. */
  room(bytes: number): Promise<void> {
    if (this.#fits(bytes)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters = [...this.#waiters, { bytes, resolve }];
    });
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** The oldest item, or undefined. */
  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    if (this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  #fits(bytes: number): boolean {
    return this.#reserved === 0 || this.hasRoom(bytes);
  }
}
