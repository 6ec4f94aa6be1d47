import { describe, expect, it } from "vitest";
import { type Pipe, parseDatafile } from "../datafile/index.ts";
import { dependenciesOf, problemOfNode, readNode } from "./reading.ts";

const NO_SECRETS = new Set<string>();

function pipeOf(content: string): Pipe {
  const result = parseDatafile({ path: "endpoints/p.pipe", content });
  if (!result.ok || result.datafile.kind !== "pipe") throw new Error("no pipe");
  return result.datafile;
}

function nodeOf(sql: string) {
  const [node] = pipeOf(`NODE n\nSQL >\n${sql.replaceAll(/^/gm, "    ")}\n`).nodes;
  if (node === undefined) throw new Error("no node");
  return node;
}

describe("what a node reads", () => {
  it.each([
    ["SELECT * FROM b, a", ["a", "b"]],
    ["%\nSELECT * FROM {% if defined(x) %}a{% else %}b{% end %}", ["b"]],
    ["%\nSELECT * FROM {{table('a')}} {% if defined(x) %}, {{table('b')}}{% end %}", ["a", "b"]],
    ["%\nSELECT * FROM a WHERE salt = {{tb_secret('salt')}}", ["a"]],
  ])("%j", (sql, tables) => {
    expect(readNode(nodeOf(sql), new Set(["salt"])).tables).toEqual(tables);
  });

  it.each([
    ["%\nSELECT 1 FROM {{table(t)}}", true],
    ["%\nSELECT 1 FROM {{table(t)}} AS placeholder", true],
    ["SELECT 1 FROM placeholder", false],
    ["%\nSELECT 'placeholder' FROM a", false],
  ])("%j needs a request: %s", (sql, expected) => {
    expect(readNode(nodeOf(sql), NO_SECRETS).needsRequest).toBe(expected);
  });

  it.each([
    ["%\n{% if defined(x) %}SELECT 1{% end %}", "renders to nothing"],
    ["%\nSELECT {{Int32(5)}}", '"5" can not be used as a variable name'],
    ["%\nSELECT {{tb_secret('other')}}", "Cannot access secret 'other'"],
    ["SELECT 1 {% if defined(x) %}, 2{% end %}", "its first line must be %"],
    ["INSERT INTO a SELECT 1", "Only one SELECT is allowed here"],
  ])("%j is refused: %s", (sql, reason) => {
    expect(() => readNode(nodeOf(sql), NO_SECRETS)).toThrow(reason);
  });
});

it("a pipe depends on what its nodes read beyond each other, and on what they fill", () => {
  const pipe = pipeOf(
    "NODE a\nSQL >\n    SELECT * FROM posts, other.reels\nNODE b\nSQL >\n    SELECT * FROM a, posts\nTYPE materialized\nDATASOURCE totals\n",
  );
  const readings = pipe.nodes.map((node) => readNode(node, NO_SECRETS));
  expect(dependenciesOf(pipe, readings)).toEqual(["other.reels", "posts", "totals"]);
});

describe("a problem of a node", () => {
  const pipe = pipeOf("NODE n\nDESCRIPTION why\nSQL >\n    %\n    SELECT\n\n    # dropped\n      1 +\n");
  const [node] = pipe.nodes;
  if (node === undefined) throw new Error("no node");

  it.each([
    ["Syntax error (line 3, col 7)", 8],
    ["unknown operator: 'x' at <string>:2", 5],
    ["it is wrong, at line 1, column 1", 4],
    ["it is wrong", 1],
  ])("%s: is at the line of the file, past what was dropped", (message, line) => {
    expect(problemOfNode(pipe, node, message)).toMatchObject({ path: "endpoints/p.pipe", line });
  });

  it("is at the node when the rendered text has other lines than its source", () => {
    expect(problemOfNode(pipe, node, "wrong at line 2", "SELECT\n\n\n\n1")).toMatchObject({ line: 1 });
  });
});
