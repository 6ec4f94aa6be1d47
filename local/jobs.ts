import { randomUUID } from "node:crypto";

/** A piece of work that a client asks about later. */
export interface Job {
  readonly id: string;
  readonly kind: "import" | "copy";
  readonly status: "working" | "done" | "error";
  readonly datasource: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly rows: number;
  readonly quarantined: number;
  readonly bytes: number;
  /** Seconds from start to end. */
  readonly elapsed: number;
  readonly error: string | null;
}

/** Jobs kept, as Tinybird's Jobs API lists the last 100. */
const KEPT_JOBS = 100;

/** The last jobs of a workspace, oldest first. */
export class Jobs {
  private readonly jobs = new Map<string, Job>();
  private readonly now: () => Date;

  constructor(now: () => Date) {
    this.now = now;
  }

  start(datasource: string, kind: Job["kind"] = "import"): Job {
    const at = this.now();
    const job: Job = {
      id: randomUUID(),
      kind,
      status: "working",
      datasource,
      createdAt: at,
      updatedAt: at,
      rows: 0,
      quarantined: 0,
      bytes: 0,
      elapsed: 0,
      error: null,
    };
    this.keep(job);
    return job;
  }

  /** Ends a job with what it did. */
  end(job: Job, outcome: Partial<Pick<Job, "rows" | "quarantined" | "bytes" | "error">>): Job {
    const at = this.now();
    const ended: Job = {
      ...job,
      ...outcome,
      status: outcome.error == null ? "done" : "error",
      updatedAt: at,
      elapsed: (at.getTime() - job.createdAt.getTime()) / 1000,
    };
    this.keep(ended);
    return ended;
  }

  find(id: string): Job | null {
    return this.jobs.get(id) ?? null;
  }

  list(): readonly Job[] {
    return [...this.jobs.values()];
  }

  private keep(job: Job): void {
    this.jobs.set(job.id, job);
    for (const id of this.jobs.keys()) {
      if (this.jobs.size <= KEPT_JOBS) break;
      this.jobs.delete(id);
    }
  }
}
