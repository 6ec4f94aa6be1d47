import { fault } from "../errors.ts";
import type { StartedJob } from "../jobs.ts";
import type { DatasourceState, ImportFile } from "../workspace.ts";
import { bodyParams } from "./body.ts";
import { type Call, type Caller, caller, callerWith, flag, type Route, required } from "./call.ts";
import { importFileOf } from "./import-body.ts";
import { jobObject, quarantineError } from "./jobs.ts";
import { json, microseconds, resetContent, text } from "./reply.ts";

/** Bytes of a form with a condition or a URL. */
const MAX_FORM_BYTES = 100_000;

export const datasourceRoutes: readonly Route[] = [
  { method: "GET", path: "/v0/datasources", handle: listDatasources },
  { method: "POST", path: "/v0/datasources", handle: importNow },
  { method: "GET", path: "/v0/datasources/:name", handle: getDatasource },
  { method: "POST", path: "/v0/datasources/:name/truncate", handle: truncate },
  { method: "POST", path: "/v0/datasources/:name/delete", handle: deleteRows },
  { method: "POST", path: "/v1/datasources/:name/delete", handle: deleteLightly },
  { method: "POST", path: "/v1/datasources/:name/append", handle: append },
  { method: "POST", path: "/v1/datasources/:name/replace", handle: replace },
];

async function listDatasources(call: Call): Promise<Response> {
  const { workspace, may, maySome, need } = caller(call);
  if (!maySome("DATASOURCES:READ")) need("DATASOURCES:READ");
  const readable = (await workspace.resources.datasources()).filter(({ datasource }) =>
    may("DATASOURCES:READ", datasource.name),
  );
  return json({ datasources: readable.map(datasourceObject) });
}

/** `NAME` or an id describes the data source; `NAME.datasource` is its datafile. */
async function getDatasource(call: Call): Promise<Response> {
  const { workspace, need } = caller(call);
  const file = call.path.name ?? "";
  const named = file.replace(/\.datasource$/, "");
  need("DATASOURCES:READ", workspace.resources.datasourceName(named) ?? named);
  const state = await workspace.resources.datasource(named);
  return file.endsWith(".datasource") ? text(state.datasource.content) : json(datasourceObject(state));
}

async function truncate(call: Call): Promise<Response> {
  const { workspace, need } = caller(call);
  const named = call.path.name ?? "";
  need("DATASOURCES:DROP", workspace.resources.datasourceName(named) ?? named.replace(/_quarantine$/, ""));
  await workspace.rows.truncate(named);
  return resetContent();
}

/** A file into a data source, as a job. */
async function append(call: Call): Promise<Response> {
  const found = caller(call);
  const name = appendable(found, call.path.name ?? "");
  const { file, isUpload } = await importOf(call);
  return jobAnswer(call, found, found.workspace.rows.append(name, file), isUpload);
}

/** More than a token that appends may do: Tinybird asks for the scope that may create. */
async function replace(call: Call): Promise<Response> {
  const found = callerWith(call, "DATASOURCES:CREATE");
  const name = appendable(found, call.path.name ?? "");
  const { file, isUpload } = await importOf(call);
  const condition = call.url.searchParams.get("replace_condition");
  return jobAnswer(call, found, found.workspace.rows.replace(name, file, condition), isUpload);
}

/** The older call: the same, answered when the rows are in, with counts. */
async function importNow(call: Call): Promise<Response> {
  const mode = call.url.searchParams.get("mode") ?? "create";
  const found = mode === "append" ? caller(call) : callerWith(call, "DATASOURCES:CREATE");
  if (mode !== "append" && mode !== "replace") throw fault("DEPLOYMENTS_ONLY");
  const name = appendable(found, required(call, "name", "name=social_interactions"));
  const { file } = await importOf(call);
  const { rows } = found.workspace;
  const condition = call.url.searchParams.get("replace_condition");
  const started = mode === "append" ? rows.append(name, file) : rows.replace(name, file, condition);
  const job = await started.ended;
  const state = await found.workspace.resources.datasource(name);
  return json(
    {
      import_id: job.id,
      datasource: datasourceObject(state),
      successful_rows: job.rows,
      quarantined_rows: job.quarantined,
      quarantine_rows: job.quarantined,
      invalid_lines: 0,
      error: job.error ?? quarantineError(job) ?? false,
    },
    job.error === null ? 200 : 400,
  );
}

async function importOf(call: Call): Promise<{ file: ImportFile; isUpload: boolean }> {
  const type = call.request.headers.get("content-type") ?? "";
  const form = type.includes("form-urlencoded") ? await bodyParams(call.request, MAX_FORM_BYTES) : {};
  const isUpload = !call.url.searchParams.has("url") && form.url === undefined;
  return { file: await importFileOf(call, form), isUpload };
}

/** An upload has been read by the time of the answer, so its job has ended: clients poll at once, then every two seconds. */
async function jobAnswer(
  call: Call,
  { workspace }: Caller,
  started: StartedJob,
  isUpload: boolean,
): Promise<Response> {
  const job = isUpload ? await started.ended : workspace.rows.jobs.find(started.id);
  if (job === null) throw fault("UNKNOWN_JOB", started.id);
  return json(jobObject(job, call.origin));
}

/** A job; with `dry_run` only the count. */
async function deleteRows(call: Call): Promise<Response> {
  const { workspace } = callerWith(call, "DATASOURCES:CREATE");
  const name = call.path.name ?? "";
  const form = await bodyParams(call.request, MAX_FORM_BYTES);
  const condition = conditionOf(call, form);
  const isDry = [form.dry_run, call.url.searchParams.get("dry_run")].includes("true");
  if (isDry) return json({ rows_to_be_deleted: await workspace.rows.count(name, condition) });
  const started = workspace.rows.delete(name, condition);
  const job = workspace.rows.jobs.find(started.id);
  if (job === null) throw fault("UNKNOWN_JOB", started.id);
  return json({ ...jobObject(job, call.origin), delete_id: job.id });
}

/** The newer call, which can wait for its end. */
async function deleteLightly(call: Call): Promise<Response> {
  const { workspace } = callerWith(call, "DATASOURCES:CREATE");
  const form = await bodyParams(call.request, MAX_FORM_BYTES);
  const started = workspace.rows.delete(call.path.name ?? "", conditionOf(call, form));
  const waits = form.wait === "true" || flag(call, "wait");
  const job = waits ? await started.ended : workspace.rows.jobs.find(started.id);
  if (job === null) throw fault("UNKNOWN_JOB", started.id);
  if (!waits) return json(jobObject(job, call.origin));
  if (job.error !== null) throw fault("QUERY", job.error);
  const mutation = { partitions_scanned: 0, partitions_done: 0, partitions_in_progress: 0 };
  return json({ rows_affected: job.rows, mutation });
}

function conditionOf(call: Call, form: Record<string, unknown>): string {
  const condition = form.delete_condition ?? call.url.searchParams.get("delete_condition");
  if (typeof condition !== "string" || condition.trim() === "") {
    throw fault("MISSING_PARAMETER", "delete_condition", "delete_condition=user_id = 'u1'");
  }
  return condition;
}

function appendable({ workspace, need }: Caller, named: string): string {
  const name = workspace.resources.datasourceName(named);
  need("DATASOURCES:APPEND", name ?? named);
  if (name === null) throw fault("UNKNOWN_DATASOURCE", named);
  return name;
}

/** A data source in the form that clients read. */
function datasourceObject({ datasource, schema, record, rows, bytes, quarantinedRows }: DatasourceState) {
  const columns = datasource.columns.map((column, i) => ({
    name: column.name,
    normalized_name: column.name,
    type: schema.types[i],
    nullable: column.nullable,
    jsonpath: column.jsonPath,
    default_value: column.defaultExpression,
    codec: column.codec,
  }));
  return {
    id: record.id,
    name: datasource.name,
    description: datasource.description ?? "",
    type: columns.some((column) => column.jsonpath !== null) ? "ndjson" : "csv",
    engine: {
      engine: datasource.engine?.type ?? "MergeTree",
      engine_sorting_key: datasource.engine?.sortingKey ?? "",
      engine_partition_key: datasource.engine?.partitionKey ?? "",
      engine_primary_key: datasource.engine?.primaryKey ?? "",
    },
    schema: { sql_schema: schema.text, columns },
    columns,
    indexes: datasource.indexes,
    statistics: { row_count: rows, bytes },
    quarantine_rows: quarantinedRows,
    new_columns_detected: {},
    created_at: microseconds(record.createdAt),
    updated_at: microseconds(record.updatedAt),
  };
}
