import { fault } from "../../errors.ts";
import { MAX_ROW_BYTES, SEGMENT_BYTES, SEGMENT_ROWS, type Segment } from "../lines.ts";

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

/**
 * Cuts CSV into segments at the ends of records: a line break between quotes ends none.
 * @throws TinybirdError ROW_TOO_LARGE
 */
export async function* csvSegments(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  delimiter: string,
): AsyncGenerator<Segment> {
  const scan = new RecordScan(delimiter.charCodeAt(0));
  let held: Uint8Array[] = [];
  for await (const chunk of body) {
    let start = 0;
    for (let cut = scan.next(chunk, start); cut !== null; cut = scan.next(chunk, start)) {
      held.push(chunk.subarray(start, cut));
      yield { bytes: Buffer.concat(held), rows: scan.take(), isPlain: true };
      held = [];
      start = cut;
    }
    held.push(chunk.subarray(start));
    if (scan.recordBytes > MAX_ROW_BYTES) throw fault("ROW_TOO_LARGE", MAX_ROW_BYTES);
  }
  const bytes = Buffer.concat(held);
  const rows = scan.takeLast();
  if (rows > 0) yield { bytes, rows, isPlain: true };
}

/** Where a look through bytes stands: it goes on in the next chunk. */
class RecordScan {
  /** Bytes of the record that is not whole yet. */
  recordBytes = 0;
  private readonly separator: number;
  private bytes = 0;
  private rows = 0;
  private isQuoted = false;
  private isBlank = true;
  private last = NEWLINE;

  constructor(separator: number) {
    this.separator = separator;
  }

  /** Behind the record that makes a segment full; null when the chunk ends before. A hot loop: its state is in locals. */
  next(chunk: Uint8Array, from: number): number | null {
    const { separator } = this;
    let { rows, isQuoted, isBlank, last, recordBytes } = this;
    const before = this.bytes - from;
    let at = from;
    let cut: number | null = null;
    for (; at < chunk.length && cut === null; at++) {
      const byte = chunk[at] as number;
      recordBytes++;
      if (byte === QUOTE) {
        // A doubled quote closes and opens again; within bare text a quote is a character like any other.
        if (isQuoted || last === separator || last === NEWLINE || last === QUOTE) isQuoted = !isQuoted;
        isBlank = false;
      } else if (byte !== NEWLINE || isQuoted) {
        if (byte !== CARRIAGE_RETURN) isBlank = false;
      } else {
        if (!isBlank) rows++;
        isBlank = true;
        recordBytes = 0;
        if (before + at + 1 >= SEGMENT_BYTES || rows >= SEGMENT_ROWS) cut = at + 1;
      }
      last = byte;
    }
    this.bytes = before + at;
    Object.assign(this, { rows, isQuoted, isBlank, last, recordBytes });
    return cut;
  }

  /** The rows of the segment that ends here. */
  take(): number {
    const { rows } = this;
    this.rows = 0;
    this.bytes = 0;
    return rows;
  }

  /** The same at the end of the file, a last record without its line end included. */
  takeLast(): number {
    return this.take() + (this.isBlank ? 0 : 1);
  }
}
