import { fromUtf8, room, utf8Length, writeUtf8 } from "../values/utf8.ts";

export type BatchLimits = {
  /** Bytes of the rows with their newlines. A first row always fits: the service decides about one that is larger. */
  readonly maxBytes: number;
  readonly maxRows: number;
};

/** UTF-8 bytes of an encoded row with its newline. */
export const lineBytes = (line: string): number => utf8Length(line) + 1;

const NEWLINE = 0x0a;
/** Ours: a first event and its like; the room doubles from here. */
const FIRST_ROOM_BYTES = 4_096;

/**
 * Encoded rows of one request, until bytes or rows are full. They are written into the body as they come: a body outside of
 * the JavaScript heap costs the collector nothing while it waits, and strings would.
 */
export class Batch {
  readonly #limits: BatchLimits;
  readonly #firstRoomBytes: number;
  #body = room(0);
  #rows = 0;
  #bytes = 0;
  #parked = false;

  /** @param expectedBytes What it will hold, by what others held: room that is asked for once is not copied. */
  constructor(limits: BatchLimits, expectedBytes = FIRST_ROOM_BYTES) {
    this.#limits = limits;
    this.#firstRoomBytes = Math.max(FIRST_ROOM_BYTES, Math.min(expectedBytes, limits.maxBytes));
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
    return !this.fullOfRows && (this.#rows === 0 || this.#bytes + bytes <= this.#limits.maxBytes);
  }

  /** Adds a row of `bytes` bytes with its newline, which `fits`. */
  add(line: string, bytes: number): void {
    const end = this.#bytes + bytes;
    this.#reserve(end);
    writeUtf8(line, this.#body, this.#bytes);
    this.#body[end - 1] = NEWLINE;
    this.#rows += 1;
    this.#bytes = end;
  }

  /** The NDJSON body, each row with its newline. */
  encode(): Uint8Array<ArrayBuffer> {
    return this.#body.subarray(0, this.#bytes);
  }

  /** The rows as text again. */
  get lines(): readonly string[] {
    return fromUtf8(this.encode()).split("\n").slice(0, this.#rows);
  }

  /** The rows as values again, to hand them back. */
  decode(): readonly unknown[] {
    return this.lines.map((line) => JSON.parse(line) as unknown);
  }

  /** Gives back the room that no row needed. */
  trim(): void {
    if (this.#bytes * 2 < this.#body.length) this.#body = this.#body.slice(0, this.#bytes);
  }

  /** Whether the rows themselves are elsewhere. */
  get isParked(): boolean {
    return this.#parked;
  }

  /** Forgets the rows, but not how many they are: they can be read from disk. */
  park(): void {
    this.#body = room(0);
    this.#parked = true;
  }

  /** Brings parked rows back: a body of `rows` rows, each with its newline. */
  restore(body: Uint8Array<ArrayBuffer>, rows: number): void {
    this.#body = body;
    this.#bytes = body.length;
    this.#rows = rows;
    this.#parked = false;
  }

  /** Two batches of half the rows each, in order; for a batch of at least two. */
  halve(): readonly [Batch, Batch] {
    const middle = Math.ceil(this.rows / 2);
    return [this.#part(0, middle), this.#part(middle, this.rows)];
  }

  #part(start: number, end: number): Batch {
    const part = new Batch(this.#limits);
    for (const line of this.lines.slice(start, end)) part.add(line, lineBytes(line));
    return part;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#body.length) return;
    const wider = room(Math.max(bytes, this.#body.length * 2, this.#firstRoomBytes));
    wider.set(this.#body.subarray(0, this.#bytes));
    this.#body = wider;
  }
}
