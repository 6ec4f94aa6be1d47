import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Column, type Datasource, parseDatafile } from "../../datafile/index.ts";
import type { Engine } from "../../engine/engine.ts";
import { fault } from "../../errors.ts";
import { type LogFile, openLogFile } from "./appender.ts";
import { DatasourceLog, type DatasourceLogOptions } from "./datasource-log.ts";

/** An engine that remembers what it was told, and that can be away. */
export class RememberingEngine implements Engine {
  readonly inserts: { token: string; rows: string }[] = [];
  readonly attempts: string[] = [];
  isAway = false;
  /** Resolves before an insert is done: for a test that looks at the log meanwhile. */
  before: (token: string) => Promise<void> = async () => undefined;
  private readonly read: (path: string) => string;

  constructor(read: (path: string) => string) {
    this.read = read;
  }

  async command(sql: string): Promise<void> {
    const token = /insert_deduplication_token = '([^']+)'/.exec(sql)?.[1] ?? "";
    const path = /file\('([^']+)'/.exec(sql)?.[1] ?? "";
    this.attempts.push(token);
    await this.before(token);
    if (this.isAway) throw fault("ENGINE_DOWN");
    this.inserts.push({ token, rows: this.read(path) });
  }

  async query(): Promise<never> {
    throw fault("ENGINE_DOWN");
  }

  async describe(): Promise<never> {
    throw fault("ENGINE_DOWN");
  }

  async close(): Promise<void> {}
}

/** A disk that counts its syncs and fails when told. */
export class TestDisk {
  syncs = 0;
  /** What the next write says instead of writing. */
  failure: Error | null = null;
  /** Resolves before a sync is done. */
  before: () => Promise<void> = async () => undefined;

  readonly open = async (path: string): Promise<LogFile> => {
    const file = await openLogFile(path);
    return {
      writev: async (buffers) => {
        if (this.failure === null) return file.writev(buffers);
        // A full disk takes a part.
        await file.writev(buffers.slice(0, 1).map((buffer) => buffer.subarray(0, 3)));
        throw this.failure;
      },
      datasync: async () => {
        this.syncs += 1;
        await this.before();
        await file.datasync();
      },
      truncate: (length) => file.truncate(length),
      close: () => file.close(),
    };
  };
}

export function testColumns(): readonly Column[] {
  const content = "SCHEMA >\n    `n` Int32 `json:$.n`\n";
  const parsed = parseDatafile({ path: "rows.datasource", content });
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return (parsed.datafile as Datasource).columns;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "tb-embedded-log-"));
}

export function openTestLog(
  engine: Engine,
  options: Partial<DatasourceLogOptions> & { folder: string },
): DatasourceLog {
  return new DatasourceLog({
    target: () => ({ engine, columns: testColumns(), table: "t", quarantine: "q" }),
    openFile: openLogFile,
    now: Date.now,
    sleep: () => new Promise(setImmediate),
    warn: () => undefined,
    account: () => undefined,
    onWritten: () => undefined,
    ...options,
  });
}
