import { fault } from "../errors.ts";
import type { Job } from "../jobs.ts";
import { admin, type Call, type Caller, caller, callerWith, type Route } from "./call.ts";
import { json } from "./reply.ts";

export const jobRoutes: readonly Route[] = [
  { method: "GET", path: "/v0/jobs", handle: listJobs },
  { method: "GET", path: "/v0/jobs/:id", handle: getJob },
  { method: "POST", path: "/v0/jobs/:id/cancel", handle: cancelJob },
];

function listJobs(call: Call): Response {
  const { workspace } = callerWith(call, "WORKSPACE:READ_ALL", "WORKSPACE:DEPLOY");
  return json({ jobs: workspace.rows.jobs.list().map((job) => jobObject(job, call.origin)) });
}

/** Whoever may append to a data source may see how its imports go. */
function getJob(call: Call): Response {
  const found = caller(call);
  const id = call.path.id ?? "";
  const job = found.workspace.rows.jobs.find(id);
  if (job === null || !maySee(found, job)) throw unseen(call, found, id);
  return json(jobObject(job, call.origin));
}

function maySee({ may }: Caller, { kind, datasource }: Job): boolean {
  if (may("WORKSPACE:READ_ALL") || may("WORKSPACE:DEPLOY")) return true;
  return kind === "import" && may("DATASOURCES:APPEND", datasource);
}

/** Only who may see all jobs of its workspace is told that there is none; a job of another one is no business of its. */
function unseen({ organization }: Call, { may }: Caller, id: string): Error {
  const seesAll = may("WORKSPACE:READ_ALL") || may("WORKSPACE:DEPLOY");
  const isElsewhere = organization.list().some(({ rows }) => rows.jobs.find(id) !== null);
  return seesAll && !isElsewhere
    ? fault("UNKNOWN_JOB", id)
    : fault("MISSING_SCOPE", "WORKSPACE:READ_ALL", "");
}

/** A job that has ended stays as it is. */
function cancelJob(call: Call): Response {
  const id = call.path.id ?? "";
  const found = admin(call);
  const job = found.workspace.rows.jobs.cancel(id);
  if (job === null) throw unseen(call, found, id);
  return json(jobObject(job, call.origin));
}

/** A job in the form that clients read; they take the counts from its blocks. */
export function jobObject(job: Job, origin: string) {
  const error = job.error ?? quarantineError(job);
  const { rows, quarantined, bytes, elapsed } = job;
  return {
    id: job.id,
    job_id: job.id,
    import_id: job.id,
    kind: job.kind,
    // The CLI looks for an error with this word, and then shows the rows and their reasons.
    status: job.status === "done" && error !== null ? "error" : job.status,
    created_at: job.createdAt.toISOString(),
    updated_at: job.updatedAt.toISOString(),
    job_url: `${origin}/v0/jobs/${job.id}`,
    datasource: { id: job.datasourceId, name: job.datasource },
    is_cancellable: job.status === "working",
    progress_percentage: job.progress ?? 0,
    quarantine_rows: quarantined,
    invalid_lines: 0,
    statistics: { row_count: rows, bytes },
    blocks: [{ process_return: [{ lines: rows, quarantine: quarantined, bytes }], processing_time: elapsed }],
    ...(error !== null && { error, errors: [error] }),
  };
}

/** Some rows of a file did not fit; the others were taken. Null when all did. */
export function quarantineError({ quarantined }: Pick<Job, "quarantined">): string | null {
  if (quarantined === 0) return null;
  return `There was an error with file contents: ${quarantined} row${quarantined === 1 ? "" : "s"} in quarantine.`;
}
