import type { PipeNode } from "../datafile/index.ts";
import { TinybirdError } from "../errors.ts";
import { isTemplate, parseTemplate, type TemplateParameter, templateParameters } from "../template/index.ts";
import { readNode } from "./reading.ts";

/** What can be told of a node without running it. */
export interface NodeDescription {
  readonly parameters: readonly NodeParameter[];
  /** The nodes and resources that it reads, sorted. */
  readonly dependencies: readonly string[];
}

/** One parameter of a node, as its first mention declares it. */
export interface NodeParameter {
  readonly name: string;
  /** `String`, `Int32`, `Array(Int32)` … */
  readonly type: string;
  readonly default: TemplateParameter["default"];
  /** What `required=` says; else whether a call without a value fails: no default, and no `defined()` asks for it. */
  readonly required: boolean;
  readonly description: string | null;
  readonly enum: readonly unknown[] | null;
  readonly example: unknown;
  readonly format: string | null;
}

/** @param secrets names of the secrets that the workspace has. */
export function describeNode(node: PipeNode, secrets: ReadonlySet<string>): NodeDescription {
  return { parameters: parametersOf(node), dependencies: tablesOf(node, secrets) };
}

function parametersOf(node: PipeNode): readonly NodeParameter[] {
  if (!isTemplate(node.sql)) return [];
  const template = parseTemplate(node.sql);
  const byName = new Map<string, TemplateParameter[]>();
  for (const mention of templateParameters(template)) {
    const name = String(mention.name);
    // What the template assigns itself, no request can give.
    if (!template.names.assigned.has(name)) byName.set(name, [...(byName.get(name) ?? []), mention]);
  }
  return [...byName].flatMap(([name, mentions]) => declared(name, mentions, template.asked.has(name)) ?? []);
}

function declared(
  name: string,
  mentions: readonly TemplateParameter[],
  isAsked: boolean,
): NodeParameter | null {
  const [first] = mentions;
  if (first === undefined) return null;
  const isOptional = isAsked || mentions.some((each) => each.default !== null || each.used_in !== undefined);
  return {
    name,
    type: first.type,
    default: first.default,
    required: typeof first.required === "boolean" ? first.required : !isOptional,
    description: typeof first.description === "string" ? first.description : null,
    enum: Array.isArray(first.enum) ? first.enum : null,
    example: first.example ?? null,
    format: typeof first.format === "string" ? first.format : null,
  };
}

/** A node that was served cannot be refused; one that lost a secret since then is only not followed. */
function tablesOf(node: PipeNode, secrets: ReadonlySet<string>): readonly string[] {
  try {
    return readNode(node, secrets).tables;
  } catch (error) {
    if (error instanceof TinybirdError) return [];
    throw error;
  }
}
