import { validationError, valueError } from "../problem.ts";
import { COPY_ATTRIBUTES, type NodeDraft, type NodeType, nodeType, parseBoolean } from "./node.ts";
import { isSchedule } from "./schedule.ts";

type Check = (node: NodeDraft) => void;

const KAFKA_SINK = ["export_connection_name", "export_kafka_topic", "export_schedule"];
const BUCKET = ["export_bucket_uri", "export_file_template"];
const BUCKET_OPTIONS = ["export_format", "export_compression", "export_write_strategy", "export_strategy"];

/** How each type of node is checked. */
const CHECKS: Readonly<Record<NodeType, Check>> = {
  standard: (node) => {
    refuseOthers(node, "Standard", []);
    demandSql(node);
  },
  endpoint: demandSql,
  stream: demandSql,
  materialized: (node) => {
    demand(node, "materialized", "datasource");
    refuseOthers(node, "Materialized", ["datasource", "deployment_method"]);
  },
  copy: (node) => {
    demand(node, "copy", "target_datasource");
    refuseOthers(node, "Copy", COPY_ATTRIBUTES);
    checkCopy(node.attributes);
  },
  sink: (node) => {
    refuseOthers(node, "Sink", [...KAFKA_SINK, ...BUCKET, ...BUCKET_OPTIONS]);
    demandSql(node);
    checkSink(node);
  },
};

/** @throws DatafileError when a node has a type that does not exist, or attributes that do not fit its type. */
export function checkNode(node: NodeDraft): void {
  const written = node.attributes.get("type");
  const type = written === undefined ? "standard" : nodeType(written);
  if (type === null) {
    const allowed = "{'copy', 'endpoint', 'materialized', 'sink'}";
    throw validationError(
      `Invalid node ''${node.name}'' of type (${written?.toLowerCase()}). Allowed node types: ${allowed}`,
    );
  }
  CHECKS[type](node);
}

function demandSql({ name, sql, line }: NodeDraft): void {
  if (sql === null || sql === "") throw valueError(`Node '${name}' has no SQL`, line);
}

function demand(node: NodeDraft, label: string, attribute: string): void {
  const missing = [node.attributes.get(attribute) ? [] : attribute, node.sql ? [] : "sql"].flat().toSorted();
  if (missing.length === 0) return;
  throw validationError(
    `Some ${label} node params have been provided, but the following required ones are missing: ${listed(missing)}`,
  );
}

function refuseOthers({ name, attributes }: NodeDraft, label: string, allowed: readonly string[]): void {
  const other = [...attributes.keys()].find((key) => key !== "type" && !allowed.includes(key));
  if (other !== undefined)
    throw validationError(`${label} node '${name}' has an invalid attribute (${other})`);
}

type Attributes = ReadonlyMap<string, string>;

function checkCopy(attributes: Attributes): void {
  const mode = attributes.get("copy_mode");
  if (mode !== undefined && mode !== "append" && mode !== "replace") {
    throw validationError("COPY node mode must be append or replace");
  }
  const schedule = attributes.get("copy_schedule");
  if (schedule?.includes("tb_secret")) {
    throw validationError(
      'COPY_SCHEDULE does not support { tb_secret(...) }. Use a literal cron expression (for example "0 * * * *") or @on-demand.',
    );
  }
  if (schedule !== undefined && !isSchedule(schedule)) {
    throw validationError("COPY node schedule must be @on-demand or a valid cron expression.");
  }
  const compute = attributes.get("on_demand_compute");
  if (compute !== undefined && parseBoolean(compute) === null) {
    throw validationError("ON_DEMAND_COMPUTE must be true or false");
  }
}

function checkSink({ name, attributes }: NodeDraft): void {
  const isKafka = attributes.has("export_kafka_topic");
  const isBucket = BUCKET.some((key) => attributes.has(key));
  if (isKafka && isBucket) {
    throw validationError(
      `Sink node '${name}' has mixed Kafka and S3/GCS parameters. Use either Kafka parameters (export_kafka_topic) or S3/GCS parameters (export_bucket_uri, export_file_template), not both.`,
    );
  }
  demandSinkParameter(name, attributes, "export_connection_name");
  if (!isKafka && !isBucket) {
    throw validationError(
      `Sink node '${name}' is missing required parameters. For Kafka sinks, provide 'export_kafka_topic'. For S3/GCS sinks, provide 'export_bucket_uri' and 'export_file_template'.`,
    );
  }
  if (isKafka) checkKafkaSink(name, attributes);
  else demandBucket(name, attributes);
  checkSinkSchedule(name, attributes);
}

function demandSinkParameter(name: string, attributes: Attributes, parameter: string): void {
  if (attributes.get(parameter)) return;
  throw validationError(`Sink node '${name}' is missing required parameter '${parameter}'`);
}

function checkKafkaSink(name: string, attributes: Attributes): void {
  const others = BUCKET_OPTIONS.filter((key) => attributes.has(key));
  if (others.length > 0) {
    throw validationError(`Kafka sink node '${name}' has invalid parameters: ${listed(others)}`);
  }
}

function demandBucket(name: string, attributes: Attributes): void {
  const missing = BUCKET.filter((key) => !attributes.get(key));
  if (missing.length > 0) {
    throw validationError(`S3/GCS sink node '${name}' is missing required parameters: ${listed(missing)}`);
  }
}

function checkSinkSchedule(name: string, attributes: Attributes): void {
  demandSinkParameter(name, attributes, "export_schedule");
  const schedule = attributes.get("export_schedule") ?? "";
  if (isSchedule(schedule)) return;
  throw validationError(
    `Sink node '${name}' has invalid export_schedule '${schedule}'. Must be @on-demand or a valid cron expression.`,
  );
}

function listed(names: readonly string[]): string {
  return `[${names.map((name) => `'${name}'`).join(", ")}]`;
}
