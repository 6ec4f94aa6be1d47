import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Segment } from "./lines.ts";
import { NdjsonReader } from "./ndjson.ts";
import { type IngestTarget, type RowReader, SegmentWriter } from "./writer.ts";

/** What became of the rows of a body: every row is in one of the first two. */
export interface IngestCounts {
  /** Written to the table. */
  readonly rows: number;
  readonly quarantined: number;
  readonly bytes: number;
}

export const NOTHING: IngestCounts = { rows: 0, quarantined: 0, bytes: 0 };

export interface IngestOptions {
  /** Holds a segment's file while it is written. */
  readonly folder: string;
  /** Default: NDJSON with the table's JSON paths. */
  readonly reader?: RowReader;
  /** Told after each segment, with all that was written until then. */
  readonly onProgress?: (counts: IngestCounts) => void;
  /** Stops before the next segment. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a body of any size to a table, segment by segment, and the rows that do not fit to its quarantine.
 * @throws TinybirdError ROW_TOO_LARGE
 * @throws EngineError when ClickHouse cannot write at all; what was written before stays, as `onProgress` has told
 * @throws the reason of the signal
 */
export async function ingest(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  target: IngestTarget,
  options: IngestOptions,
): Promise<IngestCounts> {
  const reader = options.reader ?? new NdjsonReader(target);
  const writer = new SegmentWriter(target, reader.fields);
  let counts = NOTHING;
  for await (const segment of oneAhead(reader.segments(body))) {
    options.signal?.throwIfAborted();
    const quarantined = await writeOnce(segment, reader, writer, options.folder);
    counts = {
      rows: counts.rows + segment.rows - quarantined,
      quarantined: counts.quarantined + quarantined,
      bytes: counts.bytes + segment.bytes.length,
    };
    options.onProgress?.(counts);
  }
  return counts;
}

/** Cuts the next segment while the engine writes this one. */
async function* oneAhead<Value>(values: AsyncIterable<Value>): AsyncGenerator<Value> {
  const iterator = values[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (let current = await next; current.done !== true; current = await next) {
      next = iterator.next();
      // Whoever stops early does not ask for it any more.
      next.catch(() => undefined);
      yield current.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** @returns how many rows of the segment went to the quarantine */
async function writeOnce(
  segment: Segment,
  reader: RowReader,
  writer: SegmentWriter,
  folder: string,
): Promise<number> {
  const id = randomUUID();
  const path = join(folder, id);
  await writeFile(path, segment.bytes);
  try {
    return (await writer.write(reader.file(id, path, segment))).length;
  } finally {
    await rm(path, { force: true });
  }
}
