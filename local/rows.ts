import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { TableRecord } from "./catalog.ts";
import { countRows, rowsAdded } from "./count.ts";
import type { Datasource } from "./datafile/index.ts";
import { type Engine, EngineError, rowsOf } from "./engine/engine.ts";
import { identifier, literal } from "./engine/literal.ts";
import { fault } from "./errors.ts";
import { analyze, type Guess } from "./ingest/analyze.ts";
import { type ImportFile, type ImportOptions, importFile } from "./ingest/import.ts";
import { type IngestCounts, NOTHING } from "./ingest/ingest.ts";
import { joinedLines, oneObjectAsLine } from "./ingest/lines.ts";
import type { DatasourceLog } from "./ingest/log/datasource-log.ts";
import type { IngestLog } from "./ingest/log/ingest-log.ts";
import type { PostCounts } from "./ingest/log/intake.ts";
import type { IngestTarget } from "./ingest/writer.ts";
import { type JobControl, type JobKind, type JobRecord, Jobs, type StartedJob } from "./jobs.ts";
import { checkCondition } from "./plan/condition.ts";
import { type Placement, qualified, quarantineOf } from "./plan/statements.ts";
import { type Replacement, replaceRows } from "./replace.ts";

/** A data source and its tables. */
export interface PlacedDatasource {
  readonly datasource: Datasource;
  readonly record: TableRecord;
  readonly place: Placement;
}

export interface RowsContext {
  readonly engine: Engine;
  readonly log: IngestLog;
  readonly workspace: string;
  /** Holds files while they are imported. */
  readonly folder: string;
  readonly now: () => Date;
  /** The jobs of earlier starts. */
  readonly jobs: readonly JobRecord[];
  /** Called after each start and end of a job. */
  readonly save: () => void;
  /** The data source of an id or a name; null when there is none. */
  readonly find: (nameOrId: string) => PlacedDatasource | null;
  /** Fills the targets of the views that read a data source anew. */
  readonly refill: (datasource: string) => Promise<void>;
  /** Told of everything that changed rows, for the operations log. */
  readonly record: (operation: Operation) => void;
}

/** A change of rows that ended. */
export interface Operation {
  readonly type: "append-hfi" | "append" | "replace" | "delete" | "truncate" | "copy";
  readonly datasource: PlacedDatasource;
  readonly rows: number;
  readonly quarantined: number;
  readonly bytes: number;
  /** Seconds. */
  readonly elapsed: number;
  readonly error: string;
  readonly jobId: string;
}

/** The body of a post of events. Nothing of it is in memory before there is room for all of it. */
export interface EventBody {
  /** Bytes that it has at most. */
  readonly size: number;
  read(): Promise<Buffer>;
}

/** What a post of events is answered with: whether its rows are written or only sure to be, and how many fit. */
export type PostOutcome = { readonly written: PostCounts | null; readonly rows: number };

/** Whether the rows of a copy come behind those of its target or in their place. */
export type CopyMode = "append" | "replace";

/** Milliseconds that a post waits for the write of its rows. Then it is told that they are kept. */
const WRITE_PATIENCE_MS = 20_000;

/** Changes of the rows of a workspace's data sources. */
export class Rows {
  readonly jobs: Jobs;
  private readonly context: RowsContext;

  constructor(context: RowsContext) {
    this.context = context;
    this.jobs = new Jobs({ now: context.now, known: context.jobs, save: context.save });
    mkdirSync(context.folder, { recursive: true });
  }

  /**
   * Takes rows of the Events API, one JSON object a line, or one object over several lines.
   * @returns the rows on the disk; with `waits` in their tables, too, or null counts when that takes too long
   * @throws TinybirdError UNKNOWN_DATASOURCE, OVERLOADED, DISK
   */
  async post(
    name: string,
    body: EventBody,
    { waits, isOneObject = false }: { waits: boolean; isOneObject?: boolean },
  ): Promise<PostOutcome> {
    const log = await this.logOf(this.placed(name));
    const release = this.context.log.reserve(body.size);
    const receipt = await body
      .read()
      .then((bytes) => log.append(isOneObject ? joinedLines(bytes) : oneObjectAsLine(bytes), waits))
      .finally(release);
    const written = receipt.written === null ? null : await inTime(receipt.written, WRITE_PATIENCE_MS);
    return { written, rows: receipt.rows };
  }

  /**
   * Appends a file, as a job.
   * @throws TinybirdError UNKNOWN_DATASOURCE
   */
  append(name: string, file: ImportFile): StartedJob {
    const placed = this.placed(name);
    return this.import("append", placed, (options) => importFile(file, this.target(placed), options));
  }

  /**
   * Puts the rows of a file in the place of all rows, or of those that a condition names, as a job. Until the last
   * moment the old rows are served.
   * @throws TinybirdError UNKNOWN_DATASOURCE, and what the gate says of the condition
   */
  replace(name: string, file: ImportFile, condition: string | null): StartedJob {
    const placed = this.placed(name);
    if (condition !== null) checkCondition(condition);
    return this.import("replace", placed, async (options) => {
      const replacement: Replacement = { ...placed, condition, target: this.target(placed) };
      const load = (target: IngestTarget) => importFile(file, target, options);
      const log = await this.logOf(placed);
      const counts = await log.exclusively(() => replaceRows(this.context.engine, replacement, load));
      await this.context.refill(placed.datasource.name);
      return counts;
    });
  }

  /**
   * Writes the rows of a SELECT behind those of a data source, or in their place, as a job; columns go by name.
   * @throws TinybirdError UNKNOWN_DATASOURCE
   */
  copy(name: string, select: string, mode: CopyMode): StartedJob {
    const placed = this.placed(name);
    return this.start("copy", mode === "append" ? "copy" : "replace", placed, async (job) => {
      const target = this.target(placed);
      const load = ({ table }: IngestTarget) => this.insertSelect(table, select, job);
      if (mode === "append") return load(target);
      const counts = await replaceRows(this.context.engine, { ...placed, condition: null, target }, load);
      await this.context.refill(placed.datasource.name);
      return counts;
    });
  }

  /** Guesses the schema of a file from its first bytes. @throws TinybirdError QUERY */
  async analyze(sample: Buffer): Promise<Guess> {
    try {
      return await analyze(sample, this.context.engine, this.context.folder);
    } catch (error) {
      throw error instanceof EngineError ? fault("QUERY", error.message) : error;
    }
  }

  /** How many rows a condition names. @throws TinybirdError UNKNOWN_DATASOURCE, QUERY … */
  async count(name: string, condition: string): Promise<number> {
    const table = this.tableOf(name);
    checkCondition(condition);
    try {
      return await countRows(this.context.engine, table, condition);
    } catch (error) {
      throw error instanceof EngineError ? fault("QUERY", error.message) : error;
    }
  }

  /** Removes the rows that a condition names, as a job; `NAME_quarantine` is a name too. Views keep what they have. */
  delete(name: string, condition: string): StartedJob {
    const placed = this.placed(name.replace(/_quarantine$/, ""));
    const table = this.tableOf(name);
    checkCondition(condition);
    return this.start("delete_data", "delete", placed, async (job) => {
      const log = await this.logOf(placed);
      await log.flush();
      const rows = await this.count(name, condition);
      const sql = `ALTER TABLE ${table} DELETE WHERE (${condition}\n) SETTINGS mutations_sync = 2`;
      await log.exclusively(() => this.context.engine.command(sql, { signal: job.signal }));
      return { ...NOTHING, rows };
    });
  }

  /** Removes all rows; `NAME_quarantine` empties the quarantine. @throws TinybirdError UNKNOWN_DATASOURCE */
  async truncate(name: string): Promise<void> {
    const table = this.tableOf(name);
    const placed = this.placed(name.replace(/_quarantine$/, ""));
    const log = await this.logOf(placed);
    await log.flush();
    await log.exclusively(() => this.context.engine.command(`TRUNCATE TABLE ${table}`));
    this.report("truncate", placed, NOTHING, 0);
  }

  /** Empties data sources and their quarantines at once: what was acknowledged before is gone with them. */
  clear(names: readonly string[]): Promise<void> {
    return this.quietly(names, async () => {
      const tables = names.flatMap((name) => [this.tableOf(name), this.tableOf(`${name}_quarantine`)]);
      for (const table of tables) await this.context.engine.command(`TRUNCATE TABLE ${table}`);
    });
  }

  /** Takes up what an earlier process left in the logs. */
  async recover(): Promise<void> {
    for (const id of this.context.log.datasourcesOf(this.context.workspace)) {
      await this.logOfId(id);
    }
  }

  /** Does some work while none of these data sources is written to; their events go on being acknowledged. */
  async quietly<Result>(names: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const [name, ...others] = names;
    const placed = name === undefined ? null : this.context.find(name);
    if (name === undefined) return work();
    if (placed === null) return this.quietly(others, work);
    const log = await this.logOf(placed);
    await log.flush();
    return log.exclusively(() => this.quietly(others, work));
  }

  private import(
    type: "append" | "replace",
    placed: PlacedDatasource,
    load: (options: ImportOptions) => Promise<IngestCounts>,
  ): StartedJob {
    return this.start("import", type, placed, (job) =>
      load({ folder: this.context.folder, signal: job.signal, onProgress: job.progress }),
    );
  }

  /** Runs work as a job: an error that a caller can mend, or that the engine gave, ends the job and not the server. */
  private start(
    kind: JobKind,
    type: Operation["type"],
    placed: PlacedDatasource,
    work: (control: JobControl) => Promise<IngestCounts>,
  ): StartedJob {
    const start = performance.now();
    return this.jobs.run(
      { kind, datasource: placed.datasource.name, datasourceId: placed.record.id },
      work,
      (ended) =>
        this.report(type, placed, ended, (performance.now() - start) / 1000, ended.error ?? "", ended.id),
    );
  }

  private async insertSelect(table: string, select: string, job: JobControl): Promise<IngestCounts> {
    const { engine } = this.context;
    const described = await engine.describe(select);
    const columns = rowsOf<{ name: string }>(described).map((column) => identifier(column.name));
    const before = await countRows(engine, table, "1");
    const insert = `INSERT INTO ${table} (${columns.join(", ")})
SETTINGS insert_deduplication_token = ${literal(job.id)}
${select}`;
    await engine.command(insert, { signal: job.signal });
    return { ...NOTHING, rows: rowsAdded(before, await countRows(engine, table, "1")) };
  }

  private report(
    type: Operation["type"],
    datasource: PlacedDatasource,
    { rows, quarantined, bytes }: IngestCounts,
    elapsed: number,
    error = "",
    jobId = "",
  ): void {
    this.context.record({ type, datasource, rows, quarantined, bytes, elapsed, error, jobId });
  }

  private logOf({ record }: PlacedDatasource): Promise<DatasourceLog> {
    return this.logOfId(record.id);
  }

  private logOfId(datasource: string): Promise<DatasourceLog> {
    const { log, workspace, find } = this.context;
    const target = () => {
      const placed = find(datasource);
      return placed === null ? null : this.target(placed);
    };
    return log.of({ workspace, datasource }, target, ({ rows, quarantined, bytes, seconds }) => {
      const placed = find(datasource);
      if (placed !== null) this.report("append-hfi", placed, { rows, quarantined, bytes }, seconds);
    });
  }

  private target({ datasource, place }: PlacedDatasource): IngestTarget {
    return {
      engine: this.context.engine,
      columns: datasource.columns,
      table: qualified(place),
      quarantine: qualified(quarantineOf(place)),
    };
  }

  private placed(nameOrId: string): PlacedDatasource {
    const found = this.context.find(nameOrId);
    if (found === null) throw fault("UNKNOWN_DATASOURCE", nameOrId);
    return found;
  }

  private tableOf(name: string): string {
    const own = this.context.find(name);
    if (own !== null) return qualified(own.place);
    const source = name.endsWith("_quarantine")
      ? this.context.find(name.slice(0, -"_quarantine".length))
      : null;
    if (source === null) throw fault("UNKNOWN_DATASOURCE", name);
    return qualified(quarantineOf(source.place));
  }
}

/** The value, or null when it takes too long. */
async function inTime<Value>(value: Promise<Value>, ms: number): Promise<Value | null> {
  const ended = new AbortController();
  const late = sleep(ms, null, { ref: false, signal: ended.signal }).catch(() => null);
  try {
    return await Promise.race([value, late]);
  } finally {
    ended.abort();
  }
}
