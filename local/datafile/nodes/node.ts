/** What a node is for. `stream` is a type of earlier versions. */
export type NodeType = "standard" | "endpoint" | "materialized" | "copy" | "sink" | "stream";

/** A node of a pipe: one SELECT. */
export interface PipeNode {
  readonly name: string;
  readonly description: string | null;
  /** Null when not written, which means standard. */
  readonly type: NodeType | null;
  /** Without the indent its lines share; a template keeps its lines as they are. */
  readonly sql: string;
  /** Whether the SQL starts with `%`. */
  readonly isTemplate: boolean;
  /** 1-based line of its NODE instruction. */
  readonly line: number;
  /** 1-based line of its SQL instruction; that of the node when there is none. */
  readonly sqlLine: number;
  /** For each line of `sql`, its 1-based line in the file. */
  readonly sqlLines: readonly number[];
  /** The target of a materialized node. */
  readonly datasource: string | null;
  /** `alter`, in the case it was written. */
  readonly deploymentMethod: string | null;
  /** Checked for copy nodes only; an endpoint may carry such lines without effect. */
  readonly copy: CopySettings | null;
  /** Checked for sink nodes only. */
  readonly sink: SinkSettings | null;
}

/** Where and when a copy node writes. */
export interface CopySettings {
  /** The data source it writes to; always there for a copy node. */
  readonly targetDatasource: string | null;
  /** `append` or `replace`; null means append. */
  readonly mode: string | null;
  /** `@on-demand`, a name such as `@daily`, or a cron expression. */
  readonly schedule: string | null;
  readonly onDemandCompute: boolean | null;
}

/** Where and when a sink node writes: to Kafka (`kafkaTopic`) or to a bucket (`bucketUri`, `fileTemplate`). */
export interface SinkSettings {
  readonly connectionName: string | null;
  readonly kafkaTopic: string | null;
  readonly bucketUri: string | null;
  readonly fileTemplate: string | null;
  readonly schedule: string | null;
  readonly format: string | null;
  readonly compression: string | null;
  readonly writeStrategy: string | null;
  readonly strategy: string | null;
}

/** A node while its file is read. */
export interface NodeDraft {
  readonly name: string;
  readonly line: number;
  sqlLine: number;
  sqlLines: readonly number[];
  description: string | null;
  sql: string | null;
  /** By the names that messages use: `type`, `datasource`, `copy_mode`, `export_format`, ... */
  readonly attributes: Map<string, string>;
}

/** The attributes of a copy, by the names that messages use. */
export const COPY_ATTRIBUTES = ["target_datasource", "copy_schedule", "copy_mode", "on_demand_compute"];

/** The type a text names, in any case; null when there is none. */
export function nodeType(text: string): NodeType | null {
  const types = ["standard", "endpoint", "materialized", "copy", "sink", "stream"] as const;
  return types.find((type) => type === text.toLowerCase()) ?? null;
}

const TRUE = ["y", "yes", "t", "true", "on", "1"];
const FALSE = ["n", "no", "f", "false", "off", "0"];

/** True or false in the words that Tinybird takes; null for any other text. */
export function parseBoolean(text: string): boolean | null {
  if (TRUE.includes(text.toLowerCase())) return true;
  return FALSE.includes(text.toLowerCase()) ? false : null;
}

/** The node as others see it. */
export function toNode({ name, description, sql, attributes, ...place }: NodeDraft): PipeNode {
  return {
    name,
    description,
    type: nodeType(attributes.get("type") ?? ""),
    sql: sql ?? "",
    isTemplate: sql?.startsWith("%") ?? false,
    line: place.line,
    sqlLine: place.sqlLine,
    sqlLines: place.sqlLines,
    datasource: attributes.get("datasource") ?? null,
    deploymentMethod: attributes.get("deployment_method") ?? null,
    copy: COPY_ATTRIBUTES.some((key) => attributes.has(key)) ? copyOf(attributes) : null,
    sink: [...attributes.keys()].some((key) => key.startsWith("export_")) ? sinkOf(attributes) : null,
  };
}

type Attributes = ReadonlyMap<string, string>;

function copyOf(attributes: Attributes): CopySettings {
  return {
    targetDatasource: attributes.get("target_datasource") ?? null,
    mode: attributes.get("copy_mode") ?? null,
    schedule: attributes.get("copy_schedule") ?? null,
    onDemandCompute: parseBoolean(attributes.get("on_demand_compute") ?? ""),
  };
}

function sinkOf(attributes: Attributes): SinkSettings {
  const value = (name: string): string | null => attributes.get(`export_${name}`) ?? null;
  return {
    connectionName: value("connection_name"),
    kafkaTopic: value("kafka_topic"),
    bucketUri: value("bucket_uri"),
    fileTemplate: value("file_template"),
    schedule: value("schedule"),
    format: value("format"),
    compression: value("compression"),
    writeStrategy: value("write_strategy"),
    strategy: value("strategy"),
  };
}
