import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fault, SdkError } from "../errors.ts";
import { reasonOf } from "../issues.ts";
import { lockFolder } from "./lock.ts";
import { Segment } from "./segment.ts";

export type SpoolSettings = {
  readonly dir: string;
  readonly maxBytes: number;
  readonly durable: boolean;
  readonly fsync: boolean;
};

/** A segment that an earlier owner of the folder left, and the bytes of its file. */
export type Leftover = { readonly segment: Segment; readonly bytes: number };

/** Events on disk until they have an outcome: a folder of segments with one owner. */
export type Spool = {
  /** Oldest first. */
  readonly leftovers: readonly Leftover[];
  /** A new segment; its file comes with the first event. */
  open(dataSource: string): Segment;
  /** Lets go of the folder; what is in it stays. Idempotent. */
  close(): void;
};

/** `MILLISECONDS-NUMBER.DATA_SOURCE.spool`, so that names are in the order of their making. */
const SEGMENT = /^\d{15}-\d{6,}\.(\w+)\.spool$/;
const STARTED_DIGITS = 15;
const FOLDER_MODE = 0o700;

/** Throws SdkError SPOOL_LOCKED when another process owns the folder, SPOOL_FAILED when it cannot be used. */
export function openSpool({ dir, fsync }: SpoolSettings): Spool {
  const folder = resolve(dir);
  const close = own(folder);
  const names = readdirSync(folder).sort();
  // A rewrite that was cut off: the file it was to replace is still there.
  for (const name of names) if (name.endsWith(".spool.new")) rmSync(join(folder, name), { force: true });
  const started = startAfter(names);
  let made = 0;
  return {
    leftovers: names.flatMap((name) => leftover(folder, name, fsync)),
    open(dataSource) {
      made += 1;
      const name = `${started}-${String(made).padStart(6, "0")}.${dataSource}.spool`;
      return new Segment(join(folder, name), dataSource, fsync);
    },
    close,
  };
}

/** Now, or just after the newest segment: a clock may step back, and no name may come twice. */
function startAfter(names: readonly string[]): string {
  const newest = Number(names.findLast((name) => SEGMENT.test(name))?.slice(0, STARTED_DIGITS) ?? 0);
  return String(Math.max(Date.now(), newest + 1)).padStart(STARTED_DIGITS, "0");
}

function own(folder: string): () => void {
  try {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    return lockFolder(folder);
  } catch (cause) {
    if (cause instanceof SdkError) throw cause;
    throw fault("SPOOL_FAILED", [folder, reasonOf(cause)], cause);
  }
}

function leftover(folder: string, name: string, fsync: boolean): Leftover[] {
  const dataSource = SEGMENT.exec(name)?.[1];
  if (dataSource === undefined) return [];
  const path = join(folder, name);
  return [{ segment: new Segment(path, dataSource, fsync), bytes: statSync(path).size }];
}
