import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { CsvDialect } from "./csv/dialect.ts";
import { CsvReader } from "./csv/reader.ts";
import { type IngestCounts, ingest } from "./ingest.ts";
import { NdjsonReader } from "./ndjson.ts";
import { parquetReader, parquetRows } from "./parquet.ts";
import type { IngestTarget } from "./writer.ts";

export const IMPORT_FORMATS = ["ndjson", "csv", "parquet"] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** A file to import, after decompression. It is read as fast as it can be written. */
export interface ImportFile {
  readonly format: ImportFormat;
  readonly body: AsyncIterable<Uint8Array>;
  readonly dialect?: CsvDialect;
  /** Bytes that the sender announced, for the share that is done. */
  readonly size: number | null;
}

export interface ImportOptions {
  /** Holds files while they are imported. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (counts: IngestCounts, share: number | null) => void;
}

/**
 * Imports a file of any size, segment by segment.
 * @throws what `ingest` throws; what was told to `onProgress` is written then
 */
export async function importFile(
  file: ImportFile,
  target: IngestTarget,
  options: ImportOptions,
): Promise<IngestCounts> {
  const onProgress = (counts: IngestCounts) =>
    options.onProgress(counts, file.size === null ? null : counts.bytes / file.size);
  const ingestOptions = { folder: options.folder, signal: options.signal, onProgress };
  if (file.format === "ndjson") {
    return ingest(file.body, target, { ...ingestOptions, reader: new NdjsonReader(target) });
  }
  if (file.format === "parquet") return importParquet(file, target, ingestOptions);
  const { head, body } = await withHead(file.body);
  return ingest(body, target, { ...ingestOptions, reader: new CsvReader(target, head, file.dialect) });
}

/** The directory of a Parquet file is at its end, so the whole file lies on the disk before its first row is read. */
async function importParquet(
  file: ImportFile,
  target: IngestTarget,
  options: Parameters<typeof ingest>[2],
): Promise<IngestCounts> {
  const path = join(options.folder, `${randomUUID()}.parquet`);
  try {
    await pipeline(file.body, createWriteStream(path), { signal: options.signal });
    return await ingest(parquetRows(path, target.engine), target, {
      ...options,
      reader: parquetReader(target),
    });
  } finally {
    await rm(path, { force: true });
  }
}

/** The first chunks of a body up to the end of a line, and the whole body still. */
async function withHead(
  body: AsyncIterable<Uint8Array>,
): Promise<{ head: Buffer; body: AsyncIterable<Uint8Array> }> {
  const chunks = body[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    first.push(Buffer.from(next.value));
    if (next.value.includes(0x0a)) break;
  }
  const head = Buffer.concat(first);
  async function* whole() {
    yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  }
  return { head, body: whole() };
}
