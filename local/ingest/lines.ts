import { fault } from "../errors.ts";

/** Whole lines, small enough for one insert that is all or nothing. */
export interface Segment extends Survey {
  readonly bytes: Buffer;
}

/** What a look at some lines tells. */
export interface Survey {
  /** Lines that are not blank. */
  readonly rows: number;
  /** Each line looks like one object: only then does ClickHouse see as many rows as there are lines. */
  readonly isPlain: boolean;
}

/**
 * Bytes and rows of a segment. Above 1,048,449 rows (ClickHouse's default) an insert is written in several blocks, of
 * which some may stay behind when a later one fails.
 */
export const SEGMENT_BYTES = 8_000_000;
export const SEGMENT_ROWS = 500_000;

/** Bytes of one row: Tinybird's limit for a whole request of the Events API. */
export const MAX_ROW_BYTES = 10_000_000;

const NEWLINE = 0x0a;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

const BACKSLASH = 0x5c;
/** What may stand behind a backslash in JSON. */
const JSON_ESCAPES: ReadonlySet<number | undefined> = new Set(Buffer.from('"\\/bfnrtu'));

/** Two objects on one line, which ClickHouse takes for two rows. In a text it may stand too: then no harm is done. */
const SEAMS = ["}{", "} {"].map((seam) => Buffer.from(seam));

/**
 * Cuts a body into segments at line ends.
 * @throws TinybirdError ROW_TOO_LARGE
 */
export async function* segments(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Segment> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    held.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    size += chunk.byteLength;
    if (size < SEGMENT_BYTES) continue;
    const bytes = Buffer.concat(held);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end === 0 && size > MAX_ROW_BYTES) throw fault("ROW_TOO_LARGE", MAX_ROW_BYTES);
    yield* cut(bytes.subarray(0, end));
    held = [bytes.subarray(end)];
    size = bytes.length - end;
  }
  yield* cut(Buffer.concat(held));
}

/** A chunk may hold many segments: each ends with the first line that makes it full. */
function* cut(bytes: Buffer): Generator<Segment> {
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, Math.min(start + SEGMENT_BYTES, bytes.length));
    const end = newline === -1 ? bytes.length : newline + 1;
    yield* cutAtRows(bytes.subarray(start, end));
    start = end;
  }
}

/** Tiny rows fill a segment by their number before they do by their bytes. */
function* cutAtRows(bytes: Buffer): Generator<Segment> {
  const spans = lineSpans(bytes);
  for (let first = 0; first < spans.length; first += SEGMENT_ROWS) {
    const part = spans.slice(first, first + SEGMENT_ROWS);
    const start = first === 0 ? 0 : (part[0]?.[0] ?? 0);
    const end = spans[first + SEGMENT_ROWS]?.[0] ?? bytes.length;
    yield { bytes: bytes.subarray(start, end), rows: part.length, isPlain: isPlain(bytes, part) };
  }
}

function isPlain(bytes: Buffer, spans: readonly Span[]): boolean {
  const objects = spans.every(
    ([start, end]) => bytes[start] === OPENING_BRACE && bytes[end - 1] === CLOSING_BRACE,
  );
  const [start, end] = [spans[0]?.[0] ?? 0, spans.at(-1)?.[1] ?? 0];
  const piece = bytes.subarray(start, end);
  return objects && !SEAMS.some((seam) => piece.includes(seam)) && !hasStrangeEscape(piece);
}

/** An escape that JSON does not have. ClickHouse would drop its backslash and take the rest. */
function hasStrangeEscape(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(BACKSLASH); at !== -1; at = bytes.indexOf(BACKSLASH, at + 2)) {
    if (!JSON_ESCAPES.has(bytes[at + 1])) return true;
  }
  return false;
}

/** The lines that are not blank, as text without the blanks around it. */
export function linesOf(bytes: Buffer): string[] {
  return lineSpans(bytes).map(([start, end]) => bytes.toString("utf8", start, end));
}

/** How many rows some whole lines hold, and whether ClickHouse sees as many. */
export function surveyLines(bytes: Buffer): Survey {
  const spans = lineSpans(bytes);
  return { rows: spans.length, isPlain: isPlain(bytes, spans) };
}

type Span = readonly [start: number, end: number];

function lineSpans(bytes: Buffer): Span[] {
  const spans: Span[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const lineEnd = newline === -1 ? bytes.length : newline;
    let end = lineEnd;
    while (start < end && isBlank(bytes[start])) start += 1;
    while (end > start && isBlank(bytes[end - 1])) end -= 1;
    if (end > start) spans.push([start, end]);
    start = lineEnd + 1;
  }
  return spans;
}

/** Blank, tab, carriage return. */
function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

/**
 * A body that is one JSON object over several lines, as `curl -d` sends a pretty one, on one line; any other body as it is.
 * Line breaks inside a JSON text can only be white space between its parts, so a blank for each changes nothing.
 */
export function oneObjectAsLine(body: Buffer): Buffer {
  const firstEnd = body.indexOf(NEWLINE);
  if (firstEnd === -1 || firstEnd === body.length - 1 || beginsNdjson(body, firstEnd)) return body;
  return isJsonObject(body.toString("utf8")) ? joinedLines(body) : body;
}

/** The first line ends as an object does, and the second begins as one: no pretty object has such lines. */
function beginsNdjson(body: Buffer, firstEnd: number): boolean {
  let [last, next] = [firstEnd - 1, firstEnd + 1];
  while (last > 0 && isBlank(body[last])) last--;
  while (next < body.length && (isBlank(body[next]) || body[next] === NEWLINE)) next++;
  return body[last] === CLOSING_BRACE && (next === body.length || body[next] === OPENING_BRACE);
}

/** A text on one line. In JSON a line break can only be white space between parts, so a blank changes nothing. */
export function joinedLines(body: Buffer): Buffer {
  return Buffer.from(body.toString("utf8").replaceAll(/[\r\n]/g, " "));
}

function isJsonObject(text: string): boolean {
  if (!text.trimStart().startsWith("{") || !text.trimEnd().endsWith("}")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
