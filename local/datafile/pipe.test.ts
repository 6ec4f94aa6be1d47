import { describe, expect, it } from "vitest";
import { type Pipe, type PipeNode, parseDatafile } from "./index.ts";

function parse(content: string): Pipe {
  const result = parseDatafile({ path: "endpoints/top.pipe", content });
  if (!result.ok) throw new Error(result.problem.message);
  if (result.datafile.kind !== "pipe") throw new Error(result.datafile.kind);
  return result.datafile;
}

function problem(content: string): unknown {
  const result = parseDatafile({ path: "top.pipe", content });
  if (result.ok) throw new Error("expected a problem");
  const { kind, line, message } = result.problem;
  return [kind, line, message];
}

const node = (...lines: string[]) => ["NODE a", "SQL >", "  SELECT 1", ...lines, ""].join("\n");

describe("a pipe", () => {
  it("has a type, a description and nodes with the lines of their instructions", () => {
    const pipe = parse(
      "DESCRIPTION all of it\nTAGS t, k=v\nTOKEN r read\n\nNODE one\nSQL >\n  SELECT 1\n\nNODE 'two'\nDESCRIPTION >\n  the second\nTYPE Endpoint\nSQL >\n  SELECT 2\n",
    );
    expect(pipe).toMatchObject({
      name: "top",
      description: "all of it",
      type: "endpoint",
      tags: ["t"],
      operationalTags: "k=v",
      tokens: [{ name: "r", scope: "READ" }],
      nodes: [
        { name: "one", description: null, type: null, sql: "SELECT 1", line: 5, sqlLine: 6 },
        { name: "two", description: "the second", type: "endpoint", sql: "SELECT 2", line: 9, sqlLine: 13 },
      ],
    });
  });

  it.each<[string, string, Partial<PipeNode>]>([
    [
      "SQL without the indent its lines share",
      "NODE a\nSQL >\n\t\tSELECT\n\t\t\t1  \n",
      { sql: "SELECT\n\t1", isTemplate: false },
    ],
    [
      "a template with its indent kept",
      "NODE a\nSQL >\n  %\n    SELECT 1\n",
      { sql: "%\n    SELECT 1", isTemplate: true },
    ],
    [
      "no template when a comment stands before %",
      "NODE a\nSQL >\n  -- x\n  %\n  SELECT 1\n",
      { isTemplate: false },
    ],
    [
      "a materialized target",
      node("TYPE materialized", "DATASOURCE t", "DEPLOYMENT_METHOD Alter"),
      { type: "materialized", datasource: "t", deploymentMethod: "Alter", copy: null, sink: null },
    ],
    [
      "copy settings",
      node("TYPE copy", "TARGET_DATASOURCE t", "MODE replace", "ON_DEMAND_COMPUTE no"),
      { copy: { targetDatasource: "t", mode: "replace", schedule: null, onDemandCompute: false } },
    ],
    ["the last of repeated values", node("TYPE endpoint", "TYPE standard"), { type: "standard" }],
  ])("has a node with %s", (_, content, expected) => {
    expect(parse(content).nodes).toMatchObject([expected]);
  });

  it("has sink settings", () => {
    const lines = [
      "TYPE sink",
      "EXPORT_CONNECTION_NAME c",
      "EXPORT_KAFKA_TOPIC t",
      "EXPORT_SCHEDULE 0 1 * * *",
    ];
    expect(parse(node(...lines)).nodes[0]?.sink).toMatchObject({
      connectionName: "c",
      kafkaTopic: "t",
      schedule: "0 1 * * *",
      bucketUri: null,
    });
  });
});

describe("a problem of a pipe", () => {
  it.each<[string, string, readonly unknown[]]>([
    ["no node", "", ["validation", null, "Pipe data file must have at least one node"]],
    ["an empty node name", 'NODE ""\n', ["value", 1, "NODE expects the name of a node"]],
    [
      "an attribute before the first node",
      "DATASOURCE d\n",
      ["syntax", 1, "datasource must be called after a NODE command"],
    ],
    ["SQL on one line", "NODE a\nSQL SELECT 1\n", ["syntax", 2, "SQL must be multiline"]],
    ["no SQL", "NODE a\n", ["value", 1, "Node 'a' has no SQL"]],
    [
      "an append token",
      "TOKEN t APPEND\n",
      ["syntax", 1, "Invalid permission: APPEND. Only READ is supported"],
    ],
    [
      "braces without %",
      "NODE a\nSQL >\n  SELECT {{x}}\n",
      ["template_mark", 2, expect.stringContaining("start the query with a % character")],
    ],
    [
      "an engine",
      node("TYPE endpoint", "ENGINE_TTL x"),
      ["syntax", 5, "ENGINE_TTL is not a valid option in pipe files."],
    ],
    [
      "a type that does not exist",
      node("TYPE view"),
      [
        "validation",
        null,
        "Invalid node ''a'' of type (view). Allowed node types: {'copy', 'endpoint', 'materialized', 'sink'}",
      ],
    ],
    [
      "two typed nodes",
      node("TYPE endpoint") + node("TYPE stream"),
      ["validation", null, "Multiple non-standard nodes in pipe. There can only be one"],
    ],
    [
      "a copy without target and SQL",
      "NODE a\nTYPE copy\n",
      [
        "validation",
        null,
        "Some copy node params have been provided, but the following required ones are missing: ['sql', 'target_datasource']",
      ],
    ],
    [
      "a mode on a standard node",
      node("MODE append"),
      ["validation", null, "Standard node 'a' has an invalid attribute (copy_mode)"],
    ],
    [
      "a target on a sink",
      node("TYPE sink", "DATASOURCE d"),
      ["validation", null, "Sink node 'a' has an invalid attribute (datasource)"],
    ],
    [
      "a Kafka sink with a format",
      node("TYPE sink", "EXPORT_CONNECTION_NAME c", "EXPORT_KAFKA_TOPIC t", "EXPORT_FORMAT csv"),
      ["validation", null, "Kafka sink node 'a' has invalid parameters: ['export_format']"],
    ],
    [
      "a sink without schedule",
      node("TYPE sink", "EXPORT_CONNECTION_NAME c", "EXPORT_KAFKA_TOPIC t"),
      ["validation", null, "Sink node 'a' is missing required parameter 'export_schedule'"],
    ],
  ])("is reported for %s", (_, content, expected) => {
    expect(problem(content)).toEqual(expected);
  });
});
