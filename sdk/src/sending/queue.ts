/** What the sender needs of a queue; one on disk can stand in its place. */
export interface Queue<T> {
  /** Takes `bytes` of the bound, or says no. They stay taken until `release`, also while the event is under way. */
  reserve(bytes: number): boolean;
  /** Takes `bytes` beyond the bound too. */
  take(bytes: number): void;
  release(bytes: number): void;
  readonly reservedBytes: number;
  /** Whether less is reserved than the high-water mark, and `bytes` more can be. */
  hasRoom(bytes?: number): boolean;
  /** Resolves when `hasRoom(bytes)`, or when nothing is left to wait for. */
  room(bytes: number): Promise<void>;
  push(item: T): void;
  /** The oldest item, or undefined. */
  shift(): T | undefined;
}

export type QueueLimits = { readonly maxBytes: number; readonly highWaterBytes: number };

type Waiter = { readonly bytes: number; readonly resolve: () => void };

/** Items in memory, first in first out, within a bound of bytes that the caller reserves for them. */
export class MemoryQueue<T> implements Queue<T> {
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

  hasRoom(bytes = 0): boolean {
    const { highWaterBytes, maxBytes } = this.#limits;
    return this.#reserved < highWaterBytes && this.#reserved + bytes <= maxBytes;
  }

  reserve(bytes: number): boolean {
    if (this.#reserved + bytes > this.#limits.maxBytes) return false;
    this.take(bytes);
    return true;
  }

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

  room(bytes: number): Promise<void> {
    if (this.#fits(bytes)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters = [...this.#waiters, { bytes, resolve }];
    });
  }

  push(item: T): void {
    this.#items.push(item);
  }

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
