import {
  type Draft,
  emptyDraft,
  ignored,
  type NamedSource,
  type Parsed,
  type Rule,
  type Rules,
  refused,
  runInstructions,
  startOf,
  type TokenLine,
  tags,
  token,
} from "./instructions.ts";
import type { Instruction } from "./lines.ts";
import { type NodeDraft, type NodeType, type PipeNode, toNode } from "./nodes/node.ts";
import { checkNode } from "./nodes/rules.ts";
import { syntaxError, templateError, validationError, valueError } from "./problem.ts";
import { blockOf, dedent, descriptionOf, textOf, unquote } from "./values.ts";

/** A `.pipe` file. */
export interface Pipe {
  readonly kind: "pipe";
  readonly path: string;
  /** The base name of the path without extension. */
  readonly name: string;
  readonly description: string | null;
  /** The type of the only node that has one, else `default`. */
  readonly type: PipeType;
  /** At least one, in file order. */
  readonly nodes: readonly PipeNode[];
  readonly tokens: readonly TokenLine[];
  readonly tags: readonly string[];
  /** The tags with `=`, joined with `&`. */
  readonly operationalTags: string | null;
  /** The text of the file as given. */
  readonly content: string;
}

export type PipeType = "default" | Exclude<NodeType, "standard">;

interface PipeDraft extends Draft {
  readonly nodes: NodeDraft[];
}

/** Instructions whose value is kept as an attribute of the current node, by the name it has in messages. */
const ATTRIBUTES: readonly (readonly [instruction: string, attribute: string])[] = [
  ["TYPE", "type"],
  ["DATASOURCE", "datasource"],
  ["TARGET_DATASOURCE", "target_datasource"],
  ["COPY_SCHEDULE", "copy_schedule"],
  ["COPY_MODE", "copy_mode"],
  ["MODE", "copy_mode"],
  ["ON_DEMAND_COMPUTE", "on_demand_compute"],
  ["FILTER", "filter"],
  ["EXPORT_CONNECTION_NAME", "export_connection_name"],
  ["EXPORT_KAFKA_TOPIC", "export_kafka_topic"],
  ["EXPORT_SCHEDULE", "export_schedule"],
  ["EXPORT_BUCKET_URI", "export_bucket_uri"],
  ["EXPORT_FILE_TEMPLATE", "export_file_template"],
  ["EXPORT_FORMAT", "export_format"],
  ["EXPORT_COMPRESSION", "export_compression"],
  ["EXPORT_WRITE_STRATEGY", "export_write_strategy"],
  ["EXPORT_STRATEGY", "export_strategy"],
];

const rules: Rules<PipeDraft> = new Map<string, Rule<PipeDraft>>([
  ["NODE", { block: "refused", read: openNode }],
  ["SCOPE", { block: "refused", read: openNode }],
  ["SQL", { block: "required", read: readSql }],
  ["DESCRIPTION", { block: "allowed", read: readDescription }],
  ["DEPLOYMENT_METHOD", { block: "refused", read: readDeploymentMethod }],
  ...ATTRIBUTES.map(([name, attribute]): [string, Rule<PipeDraft>] => [name, nodeAttribute(attribute)]),
  ["TOKEN", token(["READ"])],
  ["TAGS", tags],
  ["VERSION", ignored()],
  [
    "EXPORT_SERVICE",
    ignored(" If you're using an S3 or GCS connection, you don't need this setting anymore."),
  ],
  ["INCLUDE", refused("INCLUDE is not supported yet")],
]);

function openNode(draft: PipeDraft, instruction: Instruction): void {
  const { line } = instruction;
  const name = unquote(instruction.words[0] ?? "");
  if (name === "") throw valueError(`${instruction.name} expects the name of a node`, line);
  draft.nodes.push({
    name,
    line,
    sqlLine: line,
    sqlLines: [],
    description: null,
    sql: null,
    attributes: new Map(),
  });
}

/** The description of the pipe before its first node, of the current node after it. */
function readDescription(draft: PipeDraft, instruction: Instruction): void {
  (draft.nodes.at(-1) ?? draft).description = descriptionOf(instruction);
}

function readSql(draft: PipeDraft, instruction: Instruction): void {
  const text = blockOf(instruction);
  const node = draft.nodes.at(-1);
  if (node === undefined) {
    // Tinybird adds the line where the block ends to that of the instruction; we report the same one.
    const line = instruction.line + (instruction.block?.endLine ?? 0);
    throw syntaxError("SQL must be called after a NODE command", { line, pos: 1 });
  }
  node.sql = /^\s*%/.test(text) ? text.trim() : dedent(text);
  node.sqlLine = instruction.line;
  node.sqlLines = instruction.block?.lines ?? [];
}

function nodeAttribute(attribute: string): Rule<PipeDraft> {
  return {
    block: "refused",
    read: (draft, instruction) => {
      currentNode(draft, instruction).attributes.set(attribute, textOf(instruction));
    },
  };
}

function currentNode(draft: PipeDraft, instruction: Instruction): NodeDraft {
  const node = draft.nodes.at(-1);
  if (node !== undefined) return node;
  const message = `${instruction.name.toLowerCase()} must be called after a NODE command`;
  throw syntaxError(message, startOf(instruction));
}

function readDeploymentMethod(draft: PipeDraft, instruction: Instruction): void {
  const node = currentNode(draft, instruction);
  const value = textOf(instruction);
  if (value.toLowerCase() !== "alter") {
    const message = `${value} is not an allowed value for DEPLOYMENT_METHOD. Use one of: {'alter'}`;
    throw syntaxError(message, startOf(instruction));
  }
  node.attributes.set("deployment_method", value);
}

/** Reads a `.pipe` file. Its SQL is not parsed and its templates are not rendered here. */
export function parsePipe(source: NamedSource): Parsed<Pipe> {
  const draft: PipeDraft = { ...emptyDraft(), nodes: [] };
  runInstructions("pipe", source.content, rules, draft);
  const { description, tokens, warnings } = draft;
  if (draft.nodes.length === 0) throw validationError("Pipe data file must have at least one node");
  for (const node of draft.nodes) checkNode(node);
  const nodes = draft.nodes.map(toNode);
  for (const node of nodes) checkTemplateMark(node);
  const type = pipeType(nodes);
  const datafile: Pipe = {
    kind: "pipe",
    ...source,
    description,
    type,
    nodes,
    tokens,
    tags: draft.tags,
    operationalTags: draft.operationalTags.join("&") || null,
  };
  return { datafile, warnings };
}

function pipeType(nodes: readonly PipeNode[]): PipeType {
  const types = nodes.flatMap(({ type }) => (type === null || type === "standard" ? [] : [type]));
  if (types.length > 1) throw validationError("Multiple non-standard nodes in pipe. There can only be one");
  return types[0] ?? "default";
}

function checkTemplateMark({ name, sql, isTemplate, sqlLine }: PipeNode): void {
  if (isTemplate || !sql.includes("{{")) return;
  const message = `In order to make a query dynamic, it is necessary to start the query with a % character: node '${name}'`;
  throw templateError(message, sqlLine, "template_mark");
}
