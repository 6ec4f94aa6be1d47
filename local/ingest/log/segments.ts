import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import { open, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { surveyLines } from "../lines.ts";

/** A segment that takes no more rows: on the disk, whole, waiting to be written to its table. */
export interface ClosedSegment {
  readonly id: string;
  readonly path: string;
  readonly rows: number;
  readonly isPlain: boolean;
  readonly bytes: number;
}

const EXTENSION = ".ndjson";

/** A name that sorts by time and is never given twice: it is the token by which ClickHouse knows the segment. */
export function newSegmentId(now: number, sequence: number): string {
  const time = now.toString(36).padStart(9, "0");
  return `${time}-${sequence.toString(36).padStart(6, "0")}-${randomBytes(6).toString("hex")}`;
}

export function segmentPath(folder: string, id: string): string {
  return join(folder, `${id}${EXTENSION}`);
}

/** Makes the folder of a data source's segments, and gives the names of those that an earlier process left, oldest first. */
export function leftSegments(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder)
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .sort();
}

/** Reads what an earlier process left. A last line without its end was never acknowledged: it is cut. */
export async function recoverSegment(folder: string, id: string): Promise<ClosedSegment> {
  const path = segmentPath(folder, id);
  const bytes = await readFile(path);
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
  if (whole.length < bytes.length) await cut(path, whole.length);
  return { id, path, bytes: whole.length, ...surveyLines(whole) };
}

async function cut(path: string, length: number): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.truncate(length);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Puts a segment that nobody can take beside the others, where a person finds it. */
export async function setAside(path: string): Promise<string> {
  const aside = `${path}.aside`;
  await rename(path, aside);
  return aside;
}

/** Bytes of the segments of a folder that are still to be written. */
export async function bytesOf(folder: string, ids: readonly string[]): Promise<number> {
  const sizes = await Promise.all(ids.map(async (id) => (await stat(segmentPath(folder, id))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
