import { randomUUID } from "node:crypto";
import { EngineError } from "./engine/engine.ts";
import { TinybirdError } from "./errors.ts";

export type JobKind = "import" | "delete_data" | "copy" | "branch";

/** What a job is about: set when it starts. */
export interface JobSubject {
  readonly kind: JobKind;
  /** The data source that it changes. */
  readonly datasource: string;
  readonly datasourceId: string;
  /** The pipe that it runs; null for none. */
  readonly pipe?: string;
}

/** What a job has done until now. */
export interface JobCounts {
  readonly rows: number;
  readonly quarantined: number;
  readonly bytes: number;
}

/** A piece of work that a client asks about later, as it was at one moment. */
export interface Job extends JobSubject, JobCounts {
  readonly id: string;
  readonly status: "working" | "done" | "error" | "cancelling" | "cancelled";
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Share that is done, 0 to 100; null when nobody knows the whole. */
  readonly progress: number | null;
  /** Seconds from start to end, or until now. */
  readonly elapsed: number;
  readonly error: string | null;
}

/** A job as the catalog keeps it: its moments are ISO 8601. */
export type JobRecord = Omit<Job, "createdAt" | "updatedAt"> & {
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** What a job's work is given. */
export interface JobControl {
  readonly id: string;
  /** Aborted when somebody cancels the job. */
  readonly signal: AbortSignal;
  /** Tells how far it is; `share` from 0 to 1, or null. */
  readonly progress: (counts: JobCounts, share: number | null) => void;
}

/** A job that was started. */
export interface StartedJob {
  readonly id: string;
  /** Resolves with the job as it ended. A failure of the work is part of it. */
  readonly ended: Promise<Job>;
}

/** Jobs kept, as Tinybird's Jobs API lists the last 100. */
const KEPT_JOBS = 100;

const NO_COUNTS: JobCounts = { rows: 0, quarantined: 0, bytes: 0 };

interface Entry {
  job: Job;
  readonly cancel: AbortController;
}

export interface JobsOptions {
  readonly now: () => Date;
  /** The jobs of earlier starts, oldest first. Default: none. */
  readonly known?: readonly JobRecord[];
  /** Called after each start and end of a job. Default: nobody. */
  readonly save?: () => void;
  /** Told of failures that are the server's own. Default: standard error. */
  readonly log?: (line: string) => void;
}

/** The last jobs of a workspace, oldest first. */
export class Jobs {
  private readonly entries = new Map<string, Entry>();
  private readonly now: () => Date;
  private readonly save: () => void;
  private readonly log: (line: string) => void;

  constructor({ now, known = [], save = () => undefined, log = console.error }: JobsOptions) {
    this.now = now;
    this.save = save;
    this.log = log;
    for (const record of known) {
      this.entries.set(record.id, { job: revived(record), cancel: new AbortController() });
    }
  }

  /**
   * Starts some work. What it throws ends the job, not the server.
   * @param onEnd told when it has ended
   */
  run(
    subject: JobSubject,
    work: (control: JobControl) => Promise<JobCounts>,
    onEnd: (job: Job) => void = () => undefined,
  ): StartedJob {
    const id = randomUUID();
    const at = this.now();
    const started = {
      status: "working",
      createdAt: at,
      updatedAt: at,
      progress: null,
      elapsed: 0,
      error: null,
    } as const;
    const entry: Entry = { job: { id, ...subject, ...NO_COUNTS, ...started }, cancel: new AbortController() };
    this.keep(entry);
    this.record();
    const control: JobControl = {
      id,
      signal: entry.cancel.signal,
      progress: (counts, share) =>
        this.update(entry, {
          ...counts,
          progress: share === null ? null : Math.min(100, Math.round(share * 100)),
        }),
    };
    const ended = this.perform(entry, work, control).then(() => {
      onEnd(entry.job);
      this.record();
      return entry.job;
    });
    return { id, ended };
  }

  /** @returns the job as it is then; null for one that is not known. One that has ended stays as it is. */
  cancel(id: string): Job | null {
    const entry = this.entries.get(id);
    if (entry?.job.status === "working") {
      this.update(entry, { status: "cancelling" });
      entry.cancel.abort(new Error("The job was cancelled"));
    }
    return entry?.job ?? null;
  }

  find(id: string): Job | null {
    return this.entries.get(id)?.job ?? null;
  }

  list(): readonly Job[] {
    return [...this.entries.values()].map((entry) => entry.job);
  }

  records(): readonly JobRecord[] {
    return this.list().map((job) => ({
      ...job,
      createdAt: job.createdAt.toISOString(),
      updatedAt: job.updatedAt.toISOString(),
    }));
  }

  /** Cancels what runs and waits for its end. */
  async stop(): Promise<void> {
    const running = this.list().filter((job) => job.status === "working" || job.status === "cancelling");
    for (const job of running) this.cancel(job.id);
    await Promise.all([...this.performing]);
  }

  private readonly performing = new Set<Promise<void>>();

  private perform(
    entry: Entry,
    work: (control: JobControl) => Promise<JobCounts>,
    control: JobControl,
  ): Promise<void> {
    const performing = work(control).then(
      (counts) => this.update(entry, { ...counts, status: "done", progress: 100 }),
      (error: unknown) => this.update(entry, { ...this.failure(entry, error) }),
    );
    this.performing.add(performing);
    return performing.finally(() => this.performing.delete(performing));
  }

  /** A full disk loses the record of a job, not the job. */
  private record(): void {
    try {
      this.save();
    } catch (error) {
      this.log(`jobs are not kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** A cancelled job says so, and what it did until then. */
  private failure({ job, cancel }: Entry, error: unknown): Pick<Job, "status" | "error"> {
    const message = error instanceof Error ? error.message : String(error);
    if (cancel.signal.aborted) return { status: "cancelled", error: "The job was cancelled" };
    if (!(error instanceof TinybirdError || error instanceof EngineError)) {
      this.log(`job ${job.id} ${error instanceof Error ? (error.stack ?? message) : message}`);
    }
    const loaded = job.rows + job.quarantined;
    return {
      status: "error",
      error: loaded === 0 ? message : `${message} (${loaded} rows were loaded before)`,
    };
  }

  private update(entry: Entry, change: Partial<Job>): void {
    const updatedAt = this.now();
    const elapsed = (updatedAt.getTime() - entry.job.createdAt.getTime()) / 1000;
    entry.job = { ...entry.job, ...change, updatedAt, elapsed };
  }

  /** Forgets the oldest that have ended. */
  private keep(entry: Entry): void {
    this.entries.set(entry.job.id, entry);
    for (const [id, { job }] of this.entries) {
      if (this.entries.size <= KEPT_JOBS) break;
      if (job.status !== "working" && job.status !== "cancelling") this.entries.delete(id);
    }
  }
}

/** A job of an earlier start: one that ran when its process ended did not come to its own end. */
function revived(record: JobRecord): Job {
  const moments = { createdAt: new Date(record.createdAt), updatedAt: new Date(record.updatedAt) };
  if (record.status !== "working" && record.status !== "cancelling") return { ...record, ...moments };
  return { ...record, ...moments, status: "error", error: "The server ended before the job did" };
}
