import { fault } from "../errors.ts";
import type { Job } from "../jobs.ts";
import type { DatasourceState } from "../workspace.ts";
import { bodyChunks } from "./body.ts";
import { admin, type Call, caller, type Route } from "./call.ts";
import { jobObject } from "./jobs.ts";
import { json, microseconds, resetContent, text } from "./reply.ts";

/** Bytes of a file to append: Tinybird's limit for NDJSON uploads. */
const MAX_APPEND_BYTES = 500_000_000;

export const datasourceRoutes: readonly Route[] = [
  { method: "GET", path: "/v0/datasources", handle: listDatasources },
  { method: "GET", path: "/v0/datasources/:name", handle: getDatasource },
  { method: "POST", path: "/v0/datasources/:name/truncate", handle: truncate },
  { method: "POST", path: "/v1/datasources/:name/append", handle: append },
];

async function listDatasources(call: Call): Promise<Response> {
  const { workspace } = admin(call);
  return json({ datasources: (await workspace.datasources()).map(datasourceObject) });
}

/** `NAME` or an id describes the data source; `NAME.datasource` is its datafile. */
async function getDatasource(call: Call): Promise<Response> {
  const { workspace, need } = caller(call);
  const file = call.path.name ?? "";
  const state = await workspace.datasource(file.replace(/\.datasource$/, ""));
  need("DATASOURCES:READ", state.datasource.name);
  return file.endsWith(".datasource") ? text(state.datasource.content) : json(datasourceObject(state));
}

async function truncate(call: Call): Promise<Response> {
  const { workspace } = admin(call);
  await workspace.truncate(call.path.name ?? "");
  return resetContent();
}

/** A file into a data source, as a job that has ended by the time of the answer: clients poll it at once. */
async function append(call: Call): Promise<Response> {
  const { workspace, need } = caller(call);
  const named = call.path.name ?? "";
  const name = workspace.datasourceName(named);
  if (name === null) throw fault("UNKNOWN_DATASOURCE", named);
  need("DATASOURCES:APPEND", name);
  const format = call.url.searchParams.get("format") ?? "ndjson";
  if (format !== "ndjson") throw fault("BAD_PARAMETER", "format", format, "ndjson");
  if (call.url.searchParams.has("url")) throw fault("BAD_PARAMETER", "url", "a URL", "the rows in the body");
  const job: Job = await workspace.append(name, bodyChunks(call.request, MAX_APPEND_BYTES));
  return json(jobObject(job, call.origin));
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
