import { validationError } from "./problem.ts";

/** Where a data source's rows come from. Texts are as written; null where an instruction is missing. */
export interface Connectors {
  readonly kafka: KafkaSettings | null;
  readonly import: ImportSettings | null;
  readonly postgres: PostgresSettings | null;
}

/** `KAFKA_…` of a data source. */
export interface KafkaSettings {
  readonly connectionName: string;
  readonly topic: string;
  readonly groupId: string;
  readonly autoOffsetReset: string | null;
  readonly storeRawValue: string | null;
  readonly storeHeaders: string | null;
  readonly keyFormat: string | null;
  readonly valueFormat: string | null;
}

/** `IMPORT_…` of a data source: from a bucket, or from DynamoDB (then with `tableArn` and `exportBucket`). */
export interface ImportSettings {
  readonly connectionName: string;
  readonly bucketUri: string | null;
  /** `@auto`, `@on-demand` or `@once`; null for DynamoDB. */
  readonly schedule: string | null;
  /** Lower case. */
  readonly format: string | null;
  readonly fromTimestamp: string | null;
  readonly query: string | null;
  readonly tableArn: string | null;
  readonly exportBucket: string | null;
}

/** `PG_…` of a data source. */
export interface PostgresSettings {
  readonly connectionName: string;
  readonly table: string;
}

/** The instructions that `readConnectors` takes its values from. */
export const CONNECTOR_INSTRUCTIONS: readonly string[] = [
  "KAFKA_CONNECTION_NAME",
  "KAFKA_TOPIC",
  "KAFKA_GROUP_ID",
  "KAFKA_AUTO_OFFSET_RESET",
  "KAFKA_STORE_RAW_VALUE",
  "KAFKA_STORE_HEADERS",
  "KAFKA_KEY_FORMAT",
  "KAFKA_VALUE_FORMAT",
  "IMPORT_CONNECTION_NAME",
  "IMPORT_BUCKET_URI",
  "IMPORT_SCHEDULE",
  "IMPORT_FORMAT",
  "IMPORT_FROM_TIMESTAMP",
  "IMPORT_QUERY",
  "IMPORT_TABLE_ARN",
  "IMPORT_EXPORT_BUCKET",
  "PG_CONNECTION_NAME",
  "PG_TABLE",
];

const IMPORT_SCHEDULES: readonly string[] = ["@auto", "@on-demand", "@once"];

type Values = ReadonlyMap<string, string>;

/** Gathers the connector settings; each kind must be complete or absent. */
export function readConnectors(values: Values): Connectors {
  return { kafka: readKafka(values), import: readImport(values), postgres: readPostgres(values) };
}

function readKafka(values: Values): KafkaSettings | null {
  const required = ["KAFKA_CONNECTION_NAME", "KAFKA_TOPIC", "KAFKA_GROUP_ID"];
  if (!required.some((name) => values.has(name))) return null;
  demand(values, "Kafka", required);
  if (values.get("KAFKA_GROUP_ID") === "") throw validationError("KAFKA_GROUP_ID cannot be empty");
  return {
    connectionName: values.get("KAFKA_CONNECTION_NAME") ?? "",
    topic: values.get("KAFKA_TOPIC") ?? "",
    groupId: values.get("KAFKA_GROUP_ID") ?? "",
    autoOffsetReset: values.get("KAFKA_AUTO_OFFSET_RESET") ?? null,
    storeRawValue: values.get("KAFKA_STORE_RAW_VALUE") ?? null,
    storeHeaders: values.get("KAFKA_STORE_HEADERS") ?? null,
    keyFormat: values.get("KAFKA_KEY_FORMAT") ?? null,
    valueFormat: values.get("KAFKA_VALUE_FORMAT") ?? null,
  };
}

function readImport(values: Values): ImportSettings | null {
  const bucket = ["IMPORT_CONNECTION_NAME", "IMPORT_BUCKET_URI", "IMPORT_SCHEDULE"];
  const dynamodb = ["IMPORT_TABLE_ARN", "IMPORT_EXPORT_BUCKET"];
  if (dynamodb.some((name) => values.has(name))) {
    demand(values, "DynamoDB", ["IMPORT_CONNECTION_NAME", ...dynamodb]);
  } else if ([...bucket, "IMPORT_FORMAT", "IMPORT_FROM_TIMESTAMP"].some((name) => values.has(name))) {
    demand(values, "connection", bucket);
    checkImportSchedule(values.get("IMPORT_SCHEDULE") ?? "");
  } else {
    return null;
  }
  return {
    connectionName: values.get("IMPORT_CONNECTION_NAME") ?? "",
    bucketUri: values.get("IMPORT_BUCKET_URI") ?? null,
    schedule: values.get("IMPORT_SCHEDULE") ?? null,
    format: values.get("IMPORT_FORMAT")?.toLowerCase() ?? null,
    fromTimestamp: values.get("IMPORT_FROM_TIMESTAMP") ?? null,
    query: values.get("IMPORT_QUERY") ?? null,
    tableArn: values.get("IMPORT_TABLE_ARN") ?? null,
    exportBucket: values.get("IMPORT_EXPORT_BUCKET") ?? null,
  };
}

function readPostgres(values: Values): PostgresSettings | null {
  const required = ["PG_CONNECTION_NAME", "PG_TABLE"];
  if (!required.some((name) => values.has(name))) return null;
  demand(values, "Postgres", required);
  return { connectionName: values.get("PG_CONNECTION_NAME") ?? "", table: values.get("PG_TABLE") ?? "" };
}

function demand(values: Values, what: string, required: readonly string[]): void {
  const missing = required.filter((name) => !values.has(name)).toSorted();
  if (missing.length === 0) return;
  const list = missing.map((name) => `'${name.toLowerCase()}'`).join(", ");
  throw validationError(
    `Some ${what} params have been provided, but the following required ones are missing: [${list}]`,
  );
}

function checkImportSchedule(schedule: string): void {
  if (IMPORT_SCHEDULES.includes(schedule)) return;
  throw validationError(`IMPORT_SCHEDULE must be one of ${IMPORT_SCHEDULES.join(", ")}, got '${schedule}'`);
}
