import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fault } from "../../errors.ts";
import type { IngestTarget } from "../writer.ts";
import { type OpenLogFile, openLogFile } from "./appender.ts";
import { DatasourceLog } from "./datasource-log.ts";
import type { PostCounts } from "./intake.ts";

/** Bytes of posts that are not on the disk yet. Beyond, a post is refused rather than held in memory. */
const MAX_MEMORY_BYTES = 128_000_000;

/** Bytes of posts that are on the disk and not in their tables: a quarter of an hour at 2 MB a second. */
const MAX_DISK_BYTES = 2_000_000_000;

export interface IngestLogOptions {
  readonly folder: string;
  /** Told what only a person can act on. Default: standard error. */
  readonly warn?: (line: string) => void;
  readonly openFile?: OpenLogFile;
  readonly limits?: { readonly memory?: number; readonly disk?: number };
}

/** A segment that was written, for whoever counts. */
export type OnWritten = (counts: PostCounts & { bytes: number; seconds: number }) => void;

/** Which data source, for as long as it lives. */
export interface LogKey {
  readonly workspace: string;
  readonly datasource: string;
}

/** The write-ahead logs of all data sources, in folders `WORKSPACE/DATASOURCE` of ids. */
export class IngestLog {
  private readonly options: Required<Omit<IngestLogOptions, "limits">>;
  private readonly limits: { readonly memory: number; readonly disk: number };
  private readonly logs = new Map<string, DatasourceLog>();
  private readonly held = { memory: 0, disk: 0 };

  constructor({ folder, warn = console.error, openFile = openLogFile, limits = {} }: IngestLogOptions) {
    mkdirSync(folder, { recursive: true });
    this.options = { folder, warn, openFile };
    this.limits = { memory: limits.memory ?? MAX_MEMORY_BYTES, disk: limits.disk ?? MAX_DISK_BYTES };
  }

  /** Bytes that wait: in memory for the disk, on the disk for the tables. */
  get waiting(): { readonly memory: number; readonly disk: number } {
    return { ...this.held };
  }

  /**
   * Keeps room for a body while it is read.
   * @returns gives the room free
   * @throws TinybirdError OVERLOADED when there is none
   */
  reserve(bytes: number): () => void {
    this.admit(bytes);
    this.held.memory += bytes;
    return () => {
      this.held.memory -= bytes;
    };
  }

  private admit(bytes: number): void {
    if (this.held.memory + bytes > this.limits.memory) {
      throw fault("OVERLOADED", `${this.held.memory} bytes wait for the disk`);
    }
    if (this.held.disk + bytes > this.limits.disk) {
      throw fault("OVERLOADED", `${this.held.disk} bytes wait for their tables`);
    }
  }

  /** The log of a data source; `target` says at each write where its rows go. */
  async of(
    key: LogKey,
    target: () => IngestTarget | null,
    onWritten: OnWritten = () => undefined,
  ): Promise<DatasourceLog> {
    const name = join(key.workspace, key.datasource);
    const known = this.logs.get(name);
    if (known !== undefined) return known;
    const { folder, openFile, warn } = this.options;
    const log = new DatasourceLog({
      folder: join(folder, name),
      target,
      openFile,
      warn,
      onWritten,
      now: Date.now,
      sleep: (ms) => sleep(ms, undefined, { ref: false }),
      account: ({ memory = 0, disk = 0 }) => {
        this.held.memory += memory;
        this.held.disk += disk;
      },
    });
    this.logs.set(name, log);
    await log.recover();
    return log;
  }

  /** The data sources of a workspace with a folder of segments. */
  datasourcesOf(workspace: string): string[] {
    const folder = join(this.options.folder, workspace);
    mkdirSync(folder, { recursive: true });
    return readdirSync(folder);
  }

  /** Writes all that was acknowledged until now. */
  async flush(): Promise<void> {
    await Promise.all([...this.logs.values()].map((log) => log.flush()));
  }

  /** Ends and removes the logs of a workspace with all that is in them. */
  async remove(workspace: string): Promise<void> {
    for (const [name, log] of this.logs) {
      if (!name.startsWith(`${workspace}/`)) continue;
      this.logs.delete(name);
      await log.stop();
    }
    rmSync(join(this.options.folder, workspace), { recursive: true, force: true });
  }

  /** Ends all logs. What is not written stays for the next process. */
  async stop(): Promise<void> {
    await Promise.all([...this.logs.values()].map((log) => log.stop()));
  }
}
