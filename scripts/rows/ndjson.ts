import { isUtf8 } from "node:buffer";

/** Longest line taken, in bytes: the Events API takes requests of 10 MB at most on the free plan. */
export const MAX_LINE_BYTES = 10_000_000;

const NEWLINE = 0x0a;

export type Line =
  | { readonly ok: true; readonly number: number; readonly text: string }
  | { readonly ok: false; readonly number: number; readonly reason: string };

export type SplitOptions = {
  /** Told after each piece with its length in bytes. */
  readonly onBytes?: (bytes: number) => void;
  /** Default MAX_LINE_BYTES. */
  readonly maxLineBytes?: number;
};

/**
 * The lines of a byte stream, numbered from 1, holding one line in memory at a time. Blank lines are left out,
 * white space around a line (a carriage return, a byte order mark) is cut. A line that is too long or is not
 * UTF-8 comes as `ok: false`, and the lines after it are still read.
 */
export async function* splitLines(
  pieces: AsyncIterable<Uint8Array>,
  options: SplitOptions = {},
): AsyncGenerator<Line> {
  const buffer = lineBuffer(options.maxLineBytes ?? MAX_LINE_BYTES);
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      buffer.add(piece.subarray(start, end));
      const line = buffer.take();
      if (line) yield line;
      start = end + 1;
    }
    buffer.add(piece.subarray(start));
    options.onBytes?.(piece.length);
  }
  const last = buffer.take();
  if (last) yield last;
}

/** Collects the parts of the current line; `take` ends it and answers undefined for a blank one. */
function lineBuffer(maxBytes: number) {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let number = 0;
  return {
    add(part: Uint8Array): void {
      bytes += part.length;
      if (bytes > maxBytes) parts = [];
      else if (part.length > 0) parts.push(part);
    },
    take(): Line | undefined {
      number++;
      const length = bytes;
      const line = Buffer.concat(parts);
      parts = [];
      bytes = 0;
      if (length > maxBytes) return { ok: false, number, reason: `longer than ${maxBytes} bytes` };
      return decoded(line, number);
    },
  };
}

function decoded(line: Buffer, number: number): Line | undefined {
  if (!isUtf8(line)) return { ok: false, number, reason: "not valid UTF-8" };
  // `trim` also cuts a byte order mark.
  const text = line.toString("utf8").trim();
  return text === "" ? undefined : { ok: true, number, text };
}
