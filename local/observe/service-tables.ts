import { identifier } from "../engine/literal.ts";

/** Columns of a service table, in Tinybird's order, with their types. */
type Columns = Readonly<Record<string, string>>;

/** A service table: what `tinybird.NAME` reads. */
export interface ServiceTable {
  readonly columns: Columns;
  /** The moment of a row, by which tables are sorted and old rows are dropped. */
  readonly moment: string;
}

/** Days that rows are kept, as Tinybird keeps those of `pipe_stats_rt`. */
const KEPT_DAYS = 7;

const COST: Columns = { cpu_time: "Float32", memory_usage: "UInt64" };

/** The tables that are written here, by name. Column names are those of Tinybird's pages on service data sources. */
export const SERVICE_TABLES = {
  pipe_stats_rt: {
    moment: "start_datetime",
    columns: {
      start_datetime: "DateTime",
      pipe_id: "String",
      pipe_name: "String",
      token: "String",
      token_name: "String",
      duration: "Float32",
      read_bytes: "UInt64",
      read_rows: "UInt64",
      result_rows: "UInt64",
      ...COST,
      url: "String",
      error: "UInt8",
      error_message: "String",
      status_code: "Int32",
      request_id: "String",
      parameters: "Map(String, String)",
      method: "String",
      release: "String",
      user_agent: "String",
      client_ip: "String",
      resource_tags: "Array(String)",
      replica: "String",
    },
  },
  endpoint_errors: {
    moment: "start_datetime",
    columns: {
      start_datetime: "DateTime",
      request_id: "String",
      pipe_id: "String",
      pipe_name: "String",
      params: "Map(String, String)",
      url: "String",
      status_code: "Int32",
      error: "String",
      resource_tags: "Array(String)",
    },
  },
  datasources_ops_log: {
    moment: "timestamp",
    columns: {
      timestamp: "DateTime",
      event_type: "String",
      datasource_id: "String",
      datasource_name: "String",
      result: "String",
      elapsed_time: "Float32",
      error: "String",
      "Options.Names": "Array(String)",
      "Options.Values": "Array(String)",
      request_id: "String",
      import_id: "String",
      job_id: "String",
      rows: "UInt64",
      rows_quarantine: "UInt64",
      read_rows: "UInt64",
      read_bytes: "UInt64",
      written_rows: "UInt64",
      written_bytes: "UInt64",
      written_rows_quarantine: "UInt64",
      written_bytes_quarantine: "UInt64",
      ...COST,
      operation_id: "String",
      pipe_id: "String",
      pipe_name: "String",
      blocks_ids: "Array(String)",
      release: "String",
      resource_tags: "Array(String)",
    },
  },
  jobs_log: {
    moment: "created_at",
    columns: {
      job_id: "String",
      job_type: "String",
      status: "String",
      error: "String",
      pipe_id: "String",
      datasource_id: "String",
      created_at: "DateTime",
      started_at: "DateTime",
      updated_at: "DateTime",
      job_metadata: "String",
    },
  },
  datasources_storage: {
    moment: "timestamp",
    columns: {
      datasource_id: "String",
      datasource_name: "String",
      timestamp: "DateTime",
      bytes: "UInt64",
      rows: "UInt64",
      bytes_quarantine: "UInt64",
      rows_quarantine: "UInt64",
    },
  },
  // Nothing is written to these: what they tell of does not run here. Queries over all logs name them.
  block_log: {
    moment: "timestamp",
    columns: {
      timestamp: "DateTime",
      request_id: "String",
      import_id: "String",
      job_id: "String",
      source: "String",
      block_id: "String",
      status: "String",
      datasource_id: "String",
      datasource_name: "String",
      start_offset: "Int64",
      end_offset: "Int64",
      rows: "Int32",
      parser: "String",
      quarantine_lines: "UInt32",
      empty_lines: "UInt32",
      bytes: "Int32",
      processing_time: "Float32",
      processing_error: "String",
    },
  },
  kafka_ops_log: {
    moment: "timestamp",
    columns: {
      timestamp: "DateTime",
      datasource_id: "String",
      topic: "String",
      partition: "Int16",
      msg_type: "String",
      lag: "Int64",
      processed_messages: "Int32",
      processed_bytes: "Int32",
      committed_messages: "Int32",
      msg: "String",
    },
  },
  sinks_ops_log: {
    moment: "timestamp",
    columns: {
      timestamp: "DateTime",
      service: "String",
      pipe_id: "String",
      pipe_name: "String",
      token_name: "String",
      result: "String",
      error: "String",
      elapsed_time: "Float32",
      job_id: "String",
      read_rows: "UInt64",
      written_rows: "UInt64",
      read_bytes: "UInt64",
      written_bytes: "UInt64",
      output: "Array(String)",
      parameters: "Map(String, String)",
      options: "Map(String, String)",
    },
  },
  llm_usage: {
    moment: "start_time",
    columns: { start_time: "DateTime", request_id: "String", model: "String", cost: "Float64" },
  },
} as const satisfies Readonly<Record<string, ServiceTable>>;

export type ServiceTableName = keyof typeof SERVICE_TABLES;

/** A view that sums up `pipe_stats_rt` by day, with the columns that `tb endpoint stats` reads. */
const PIPE_STATS = "pipe_stats";

/** All names behind `tinybird.`. */
export const SERVICE_NAMES: ReadonlySet<string> = new Set([...Object.keys(SERVICE_TABLES), PIPE_STATS]);

/** Where a service table lives in the database of its workspace. */
export function serviceTable(database: string, name: string): string {
  return `${identifier(database)}.${identifier(`tinybird_${name}`)}`;
}

/** Makes the service tables of a workspace, if they are not there. */
export function createServiceTables(database: string): string[] {
  const tables = Object.entries<ServiceTable>(SERVICE_TABLES).map(
    ([name, { columns, moment }]) => `
CREATE TABLE IF NOT EXISTS ${serviceTable(database, name)} (
  ${structureOf(columns)}
)
ENGINE = MergeTree
ORDER BY ${moment}
TTL ${moment} + INTERVAL ${KEPT_DAYS} DAY`,
  );
  return [...tables, createPipeStats(database)];
}

function createPipeStats(database: string): string {
  return `
CREATE VIEW IF NOT EXISTS ${serviceTable(database, PIPE_STATS)} AS
SELECT
  toDate(start_datetime) AS date,
  pipe_id,
  pipe_name,
  count() AS view_count,
  countIf(error = 1) AS error_count,
  avgState(duration) AS avg_duration_state,
  quantilesTimingState(0.9, 0.95, 0.99)(duration) AS quantile_timing_state,
  sum(read_bytes) AS read_bytes_sum,
  sum(read_rows) AS read_rows_sum,
  sum(cpu_time) AS cpu_time_sum,
  any(resource_tags) AS resource_tags
FROM ${serviceTable(database, "pipe_stats_rt")}
GROUP BY date, pipe_id, pipe_name`;
}

/** `name Type, …`, as a table and a file of its rows have it. */
export function structureOf(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, type]) => `${identifier(name)} ${type}`)
    .join(", ");
}
