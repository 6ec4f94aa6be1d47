import {
  closeSync,
  copyFileSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fault } from "../errors.ts";
import { reasonOf } from "../issues.ts";
import { type Records, readRecords, toRecord } from "./record.ts";

/** When a record is on its way to the disk: at once, or with the others of its segment. */
export type Write = "now" | "grouped";

/** An append-only file with the events of one batch, removed when all of them have an outcome. */
export class Segment {
  readonly dataSource: string;
  readonly #path: string;
  readonly #fsync: boolean;
  #file: number | undefined;
  #bytes = 0;
  #grouped: string[] = [];

  constructor(path: string, dataSource: string, fsync: boolean) {
    this.#path = path;
    this.dataSource = dataSource;
    this.#fsync = fsync;
  }

  /** Throws SdkError SPOOL_FAILED; nothing of the event is in the file then. */
  append(line: string, write: Write): void {
    if (write === "now") this.#write(toRecord(line));
    else this.#grouped.push(toRecord(line));
  }

  /** No further events. Throws SdkError SPOOL_FAILED; the grouped events are not in the file then. */
  seal(): void {
    const grouped = this.#grouped.join("");
    this.#grouped = [];
    try {
      if (grouped !== "") this.#write(grouped);
    } finally {
      if (this.#file !== undefined) closeSync(this.#file);
      this.#file = undefined;
    }
  }

  /** The events in the file. Throws SdkError SPOOL_FAILED. */
  async load(): Promise<Records> {
    try {
      return readRecords(await readFile(this.#path));
    } catch (cause) {
      throw fault("SPOOL_FAILED", [this.#path, reasonOf(cause)], cause);
    }
  }

  /** Every event has an outcome. */
  remove(): void {
    this.#attempt(() => rmSync(this.#path, { force: true }));
  }

  /** These events alone have none yet. */
  keepOnly(lines: readonly string[]): void {
    const next = `${this.#path}.new`;
    this.#attempt(() => {
      writeFileSync(next, lines.map(toRecord).join(""), { mode: FILE_MODE, flush: this.#fsync });
      renameSync(next, this.#path);
      this.#syncFolder();
    });
  }

  /** Keeps a copy of a damaged file, for a person to look at. */
  copyAside(): void {
    this.#attempt(() => copyFileSync(this.#path, `${this.#path}.damaged`));
  }

  #write(text: string): void {
    this.#attempt(() => {
      this.#file ??= this.#create();
      const bytes = Buffer.from(text);
      try {
        for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
        if (this.#fsync) fdatasyncSync(this.#file);
      } catch (error) {
        // Half a record would take the next one with it.
        ftruncateSync(this.#file, this.#bytes);
        throw error;
      }
      this.#bytes += bytes.length;
    });
  }

  #create(): number {
    const file = openSync(this.#path, "a", FILE_MODE);
    this.#syncFolder();
    return file;
  }

  /** A file is safe from a power cut only when its name in the folder is. Windows opens no folders, and needs no such call. */
  #syncFolder(): void {
    if (!this.#fsync || process.platform === "win32") return;
    const folder = openSync(dirname(this.#path), "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (cause) {
      throw fault("SPOOL_FAILED", [this.#path, reasonOf(cause)], cause);
    }
  }
}

/** Events can hold personal data: for the owner alone. */
const FILE_MODE = 0o600;
