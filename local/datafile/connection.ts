import {
  type Draft,
  emptyDraft,
  type NamedSource,
  type Parsed,
  type Rule,
  type Rules,
  refused,
  runInstructions,
  setting,
} from "./instructions.ts";
import type { Instruction } from "./lines.ts";
import { valueError } from "./problem.ts";
import { descriptionOf, textOf } from "./values.ts";

/** A `.connection` file. Its settings may hold secrets: never print one. */
export interface Connection {
  readonly kind: "connection";
  readonly path: string;
  /** The base name of the path without extension. */
  readonly name: string;
  readonly description: string | null;
  /** `kafka`, `s3`, `gcs`, `dynamodb` or `postgres`, as written; null when not given. Not checked. */
  readonly type: string | null;
  /** By instruction name in lower case (`kafka_topic`); service account credentials as the object they are. */
  readonly settings: Readonly<Record<string, ConnectionSetting>>;
  /** The text of the file as given, secrets not filled in. */
  readonly content: string;
}

export type ConnectionSetting = string | Readonly<Record<string, unknown>>;

interface ConnectionDraft extends Draft {
  readonly settings: Record<string, ConnectionSetting>;
}

const SETTINGS = [
  "KAFKA_BOOTSTRAP_SERVERS",
  "KAFKA_KEY",
  "KAFKA_SECRET",
  "KAFKA_SECURITY_PROTOCOL",
  "KAFKA_SASL_MECHANISM",
  "KAFKA_SCHEMA_REGISTRY_URL",
  "KAFKA_SASL_OAUTHBEARER_METHOD",
  "KAFKA_SASL_OAUTHBEARER_AWS_REGION",
  "KAFKA_SASL_OAUTHBEARER_AWS_ROLE_ARN",
  "KAFKA_SASL_OAUTHBEARER_AWS_EXTERNAL_ID",
  "S3_REGION",
  "S3_ARN",
  "S3_ACCESS_KEY",
  "S3_SECRET",
  "DYNAMODB_ARN",
  "DYNAMODB_REGION",
  "GCS_HMAC_ACCESS_ID",
  "GCS_HMAC_SECRET",
  "PG_HOST",
  "PG_PORT",
  "PG_DATABASE",
  "PG_USER",
  "PG_PASSWORD",
  "PG_SSL_MODE",
];

const rules: Rules<ConnectionDraft> = new Map<string, Rule<ConnectionDraft>>([
  ["DESCRIPTION", { block: "allowed", read: readDescription }],
  ["TYPE", setting()],
  ...SETTINGS.map((name): [string, Rule<ConnectionDraft>] => [name, connectionSetting(name)]),
  ["GCS_ACCESS_ID", connectionSetting("GCS_HMAC_ACCESS_ID")],
  ["GCS_SECRET", connectionSetting("GCS_HMAC_SECRET")],
  ["KAFKA_SSL_CA_PEM", connectionSetting("KAFKA_SSL_CA_PEM", "allowed")],
  ["GCS_SERVICE_ACCOUNT_CREDENTIALS_JSON", { block: "refused", read: readCredentials }],
  [
    "KAFKA_KEY_AVRO_DESERIALIZATION",
    refused(
      'KAFKA_KEY_AVRO_DESERIALIZATION has been deprecated. Use "KAFKA_KEY_FORMAT avro" in the corresponding .datasource file instead',
    ),
  ],
  ["INCLUDE", refused("INCLUDE is not supported yet")],
]);

function readDescription(draft: Draft, instruction: Instruction): void {
  draft.description = descriptionOf(instruction);
}

function connectionSetting(name: string, block: Rule["block"] = "refused"): Rule<ConnectionDraft> {
  return {
    block,
    read: (draft, instruction) => {
      draft.settings[name.toLowerCase()] = textOf(instruction);
    },
  };
}

function readCredentials(draft: ConnectionDraft, instruction: Instruction): void {
  const value = parseObject(textOf(instruction));
  if (value === null) {
    // The text is a secret, so it is not repeated.
    throw valueError(`${instruction.name} expects a JSON object`, instruction.line);
  }
  draft.settings[instruction.name.toLowerCase()] = value;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a `.connection` file; `text` is its content with the secrets filled in. */
export function parseConnection(source: NamedSource, text: string): Parsed<Connection> {
  const draft: ConnectionDraft = { ...emptyDraft(), settings: {} };
  runInstructions("connection", text, rules, draft);
  const datafile: Connection = {
    kind: "connection",
    ...source,
    description: draft.description,
    type: draft.values.get("TYPE") ?? null,
    settings: draft.settings,
  };
  return { datafile, warnings: draft.warnings };
}
