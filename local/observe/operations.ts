import type { Operation } from "../rows.ts";
import type { Workspace } from "../workspace.ts";
import { clickhouseMoment } from "./requests.ts";
import type { ServiceLog } from "./service-log.ts";

/** Puts a change of rows into the figures of its workspace. */
export function recordOperation(
  log: ServiceLog,
  workspace: Workspace,
  operation: Operation,
  now: Date,
): void {
  const { type, datasource, rows, quarantined, bytes, elapsed, error, jobId } = operation;
  const moment = clickhouseMoment(now);
  log.record(workspace.database, "datasources_ops_log", {
    timestamp: moment,
    event_type: type,
    datasource_id: datasource.record.id,
    datasource_name: datasource.datasource.name,
    result: error === "" ? "ok" : "error",
    elapsed_time: elapsed,
    error,
    import_id: jobId,
    job_id: jobId,
    rows,
    rows_quarantine: quarantined,
    written_rows: rows,
    written_bytes: bytes,
    written_rows_quarantine: quarantined,
  });
  const job = jobId === "" ? null : workspace.rows.jobs.find(jobId);
  if (job === null) return;
  log.record(workspace.database, "jobs_log", {
    job_id: job.id,
    job_type: job.kind,
    status: job.status,
    error: job.error ?? "",
    datasource_id: job.datasourceId,
    created_at: clickhouseMoment(job.createdAt),
    started_at: clickhouseMoment(job.createdAt),
    updated_at: clickhouseMoment(job.updatedAt),
    job_metadata: "{}",
  });
}

/** Puts the size of every data source of a workspace into its figures. */
export async function recordStorage(log: ServiceLog, workspace: Workspace, now: Date): Promise<void> {
  for (const {
    datasource,
    record,
    rows,
    bytes,
    quarantinedRows,
  } of await workspace.resources.datasources()) {
    log.record(workspace.database, "datasources_storage", {
      datasource_id: record.id,
      datasource_name: datasource.name,
      timestamp: clickhouseMoment(now),
      bytes,
      rows,
      rows_quarantine: quarantinedRows,
    });
  }
}
