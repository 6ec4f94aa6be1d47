import { crc32 } from "node:zlib";

/**
 * One event in a segment: the CRC-32 of its JSON in eight hexadecimal digits, a space, the JSON, a newline. Text, so that a
 * person can read a segment; JSON holds no newline, so a record ends at the first one.
 */
export const toRecord = (line: string): string => `${hex(crc32(line))} ${line}\n`;

/** Bytes that a record has more than its event with newline. */
export const RECORD_OVERHEAD = 9;

/** What a segment holds. */
export type Records = {
  /** The events as NDJSON, each with its newline: a request's body. */
  readonly body: Buffer<ArrayBuffer>;
  readonly rows: number;
  /** Bytes at the end that are no whole record: a write was cut off. `send` had not returned for these. */
  readonly tornBytes: number;
  /** Records before the end whose checksum does not fit: the disk or somebody changed them. */
  readonly damaged: number;
};

/** Reads the bytes of a segment; never throws. */
export function readRecords(bytes: Buffer): Records {
  const body = Buffer.allocUnsafeSlow(bytes.length);
  let bodyEnd = 0;
  let rows = 0;
  let damaged = 0;
  let badSinceGood = 0;
  let goodEnd = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    if (newline !== -1 && isWhole(bytes.subarray(start, newline))) {
      bodyEnd += bytes.copy(body, bodyEnd, start + RECORD_OVERHEAD, end);
      rows += 1;
      damaged += badSinceGood;
      badSinceGood = 0;
      goodEnd = end;
    } else badSinceGood += 1;
    start = end;
  }
  return { body: body.subarray(0, bodyEnd), rows, tornBytes: bytes.length - goodEnd, damaged };
}

const NEWLINE = 0x0a;

function isWhole(record: Buffer): boolean {
  const sum = record.toString("latin1", 0, RECORD_OVERHEAD);
  return record.length > RECORD_OVERHEAD && sum === `${hex(crc32(record.subarray(RECORD_OVERHEAD)))} `;
}

const hex = (sum: number) => sum.toString(16).padStart(8, "0");
