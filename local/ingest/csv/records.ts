import { fault } from "../../errors.ts";
import { MAX_ROW_BYTES, SEGMENT_BYTES, SEGMENT_ROWS, type Segment } from "../lines.ts";

const NEWLINE = 0x0a;
const QUOTE = 0x22;

/**
 * Cuts CSV into segments at the ends of records: a line break between quotes ends none.
 * @throws TinybirdError ROW_TOO_LARGE
 */
export async function* csvSegments(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  delimiter: string,
): AsyncGenerator<Segment> {
  const separator = delimiter.charCodeAt(0);
  let held = Buffer.alloc(0);
  let scan = new RecordScan(separator);
  for await (const chunk of body) {
    held = Buffer.concat([held, chunk]);
    for (let cut = scan.next(held); cut !== null; cut = scan.next(held)) {
      yield { bytes: held.subarray(0, cut.end), rows: cut.rows, isPlain: true };
      held = held.subarray(cut.end);
      scan = new RecordScan(separator);
    }
    if (scan.end === 0 && held.length > MAX_ROW_BYTES) throw fault("ROW_TOO_LARGE", MAX_ROW_BYTES);
  }
  if (held.length > 0) yield { bytes: held, rows: scan.rowsOf(held), isPlain: true };
}

/** A look through records that goes on where it stopped when more bytes have come. */
class RecordScan {
  /** Behind the last whole record. */
  end = 0;
  private readonly separator: number;
  private rows = 0;
  private at = 0;
  private quoted = false;
  private atCellStart = true;
  private blank = true;

  constructor(separator: number) {
    this.separator = separator;
  }

  /** Where a segment is full; null when the bytes are not enough for one. */
  next(bytes: Buffer): { end: number; rows: number } | null {
    while (this.at < bytes.length) {
      const byte = bytes[this.at];
      this.at += 1;
      // Between quotes a doubled one closes and opens again; within bare text a quote is a character like any other.
      if (byte === QUOTE && (this.quoted || this.atCellStart || bytes[this.at - 2] === QUOTE)) {
        this.quoted = !this.quoted;
      }
      this.atCellStart = byte === this.separator || byte === NEWLINE;
      if (byte !== NEWLINE || this.quoted) {
        if (byte !== CARRIAGE_RETURN) this.blank = false;
        continue;
      }
      this.end = this.at;
      if (!this.blank) this.rows += 1;
      this.blank = true;
      if (this.end >= SEGMENT_BYTES || this.rows >= SEGMENT_ROWS) return { end: this.end, rows: this.rows };
    }
    return null;
  }

  /** Records in all of the bytes, a last one without its line end included. */
  rowsOf(bytes: Buffer): number {
    this.next(bytes);
    return this.rows + (this.blank ? 0 : 1);
  }
}

const CARRIAGE_RETURN = 0x0d;
