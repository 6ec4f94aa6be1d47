import { describe, expect, it } from "vitest";
import { type Connection, parseDatafile } from "./index.ts";

function parse(content: string, secrets: Record<string, string> = {}): Connection {
  const source = { path: "connections/broker.connection", content };
  const result = parseDatafile(source, { secrets: new Map(Object.entries(secrets)) });
  if (!result.ok) throw new Error(result.problem.message);
  if (result.datafile.kind !== "connection") throw new Error(result.datafile.kind);
  return result.datafile;
}

function problem(content: string, secrets: Record<string, string> = {}): unknown {
  const source = { path: "broker.connection", content };
  const result = parseDatafile(source, { secrets: new Map(Object.entries(secrets)) });
  if (result.ok) throw new Error("expected a problem");
  return [result.problem.line, result.problem.message];
}

describe("a connection", () => {
  it("has a type and settings by their names in lower case", () => {
    expect(parse("TYPE postgres\nDESCRIPTION the users\nPG_HOST db\nPG_PORT 5432\n")).toMatchObject({
      kind: "connection",
      name: "broker",
      type: "postgres",
      description: "the users",
      settings: { pg_host: "db", pg_port: "5432" },
    });
  });

  it("has credentials as an object", () => {
    const { settings } = parse(`GCS_SERVICE_ACCOUNT_CREDENTIALS_JSON {"project_id": "a b", "n": [1]}\n`);
    expect(settings).toEqual({ gcs_service_account_credentials_json: { project_id: "a b", n: [1] } });
  });

  it.each([
    ["its value", `S3_SECRET {{ tb_secret("KEY") }}`, { KEY: "v" }, "v"],
    ["its value before its default", `S3_SECRET {{tb_secret('KEY','d')}}`, { KEY: "v" }, "v"],
    ["its default", `S3_SECRET {{ tb_secret("KEY", 'd e') }}`, {}, "d e"],
    ["an empty value", `S3_SECRET {{ tb_secret("KEY") }}`, { KEY: "" }, ""],
    ["a part of a value", `S3_SECRET a-{{ tb_secret("KEY") }}-b`, { KEY: "v" }, "a-v-b"],
  ])("fills in %s", (_, content, secrets, expected) => {
    expect(parse(content, secrets).settings).toEqual({ s3_secret: expected });
  });

  it("keeps its text without the secrets", () => {
    const content = `S3_SECRET {{ tb_secret("KEY") }}`;
    expect(parse(content, { KEY: "v" }).content).toBe(content);
  });
});

describe("a problem of a connection", () => {
  it.each([
    [
      "an unknown secret",
      `TYPE s3\nS3_ARN {{ tb_secret("ARN") }}\n`,
      2,
      "Cannot access secret 'ARN'. Check the secret exists in the Workspace and the token has the required scope.",
    ],
    [
      "another function",
      `DESCRIPTION\r\nS3_ARN {{ now() }}\r\n`,
      2,
      `Only {{ tb_secret("NAME", "default") }} can stand in braces here, got {{ now() }}`,
    ],
    ["a statement", "{% if x %}\n", 1, `Only {{ tb_secret("NAME", "default") }} can stand in braces here`],
    ["unclosed braces", "TYPE {{ x\n", 1, `Only {{ tb_secret("NAME", "default") }} can stand in braces here`],
    [
      "credentials that are no object",
      "GCS_SERVICE_ACCOUNT_CREDENTIALS_JSON [1]\n",
      1,
      "GCS_SERVICE_ACCOUNT_CREDENTIALS_JSON expects a JSON object",
    ],
    [
      "a setting of data sources",
      "KAFKA_TOPIC t\n",
      1,
      "KAFKA_TOPIC is not a valid option in connection files.",
    ],
  ])("is reported for %s", (_, content, line, message) => {
    expect(problem(content)).toEqual([line, message]);
  });

  it("never shows a secret, whole, in part or in capitals", () => {
    const secrets = { KEY: "hush-Hush\nsecond-line 'third" };
    const content = `{{ tb_secret("KEY") }}\n`;
    const [, message] = problem(content, secrets) as [number, string];
    expect(message).toBe("*** is not a valid option in connection files.");
  });
});
