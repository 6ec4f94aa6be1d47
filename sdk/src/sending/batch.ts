import { utf8, utf8Length } from "../values/utf8.ts";

export type BatchLimits = {
  /** Bytes of the rows with their newlines. A first row always fits: the service decides about one that is larger. */
  readonly maxBytes: number;
  readonly maxRows: number;
};

/** UTF-8 bytes of an encoded row with its newline. */
export const lineBytes = (line: string): number => utf8Length(line) + 1;

export type Added = { readonly ok: true } | { readonly ok: false; readonly full: "bytes" | "rows" };

/** Encoded rows of one request, until bytes or rows are full. */
export class Batch {
  readonly #limits: BatchLimits;
  #lines: string[] = [];
  /** Of the rows, also while they are parked. */
  #rows = 0;
  #bytes = 0;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether no further row fits because of their number. */
  get fullOfRows(): boolean {
    return this.#rows >= this.#limits.maxRows;
  }

  /** Whether a row of `bytes` bytes with its newline can be added. */
  fits(bytes: number): boolean {
    if (this.fullOfRows) return false;
    return this.#rows === 0 || this.#bytes + bytes <= this.#limits.maxBytes;
  }

  /** Adds a row of `bytes` bytes with its newline, or says which limit is in the way. */
  tryAdd(line: string, bytes: number): Added {
    if (this.fullOfRows) return { ok: false, full: "rows" };
    const total = this.#bytes + bytes;
    if (this.rows > 0 && total > this.#limits.maxBytes) return { ok: false, full: "bytes" };
    this.#lines.push(line);
    this.#rows += 1;
    this.#bytes = total;
    return { ok: true };
  }

  /** The NDJSON body, each row with its newline. */
  encode(): Uint8Array<ArrayBuffer> {
    return utf8(`${this.#lines.join("\n")}\n`);
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Whether the rows themselves are elsewhere. */
  get isParked(): boolean {
    return this.#lines.length < this.#rows;
  }

  /** Forgets the rows, but not how many they are: they can be read from disk. */
  park(): void {
    this.#lines = [];
  }

  /** Brings parked rows back. */
  restore(lines: readonly string[]): void {
    this.#lines = [...lines];
  }

  /** The rows as values again, to hand them back. */
  decode(): readonly unknown[] {
    return this.#lines.map((line) => JSON.parse(line) as unknown);
  }

  /** Two batches of half the rows each, in order; for a batch of at least two. */
  halve(): readonly [Batch, Batch] {
    const middle = Math.ceil(this.rows / 2);
    return [this.#part(0, middle), this.#part(middle, this.rows)];
  }

  #part(start: number, end: number): Batch {
    const part = new Batch(this.#limits);
    for (const line of this.#lines.slice(start, end)) part.tryAdd(line, lineBytes(line));
    return part;
  }
}
