import type { Names } from "./evaluation/scope.ts";
import { breadthFirst, type Expression, partsOf } from "./expression/nodes.ts";
import { askedFor } from "./listing/asked.ts";
import { findParameters, findTables, type TemplateParameter, unusableName } from "./listing/parameters.ts";
import { reservedNames } from "./listing/reserved.ts";
import { parseBlocks } from "./tags/blocks.ts";
import type { Node } from "./tags/nodes.ts";
import { trim } from "./values/numbers.ts";

/** A parsed template: everything its text alone decides. Render it as often as needed. */
export interface Template {
  readonly nodes: readonly Node[];
  readonly names: Names;
  readonly parameters: readonly TemplateParameter[];
  readonly tables: readonly string[];
  /** Parameters that `defined()` asks for. */
  readonly asked: ReadonlySet<string>;
  /** Parameters that an error about a missing one lists. */
  readonly required: readonly string[];
  /** Element types of the parameters first declared as arrays. */
  readonly arrays: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
  /** Fails every rendering. */
  readonly fault: string | undefined;
  /** Fails every listing of parameters. */
  readonly parameterFault: string | undefined;
  /** Fails every build. */
  readonly buildFault: string | undefined;
}

const MARK = "%";

/** Whether the SQL of a node is a template: its first character, blanks aside, is `%`. */
export function isTemplate(sql: string): boolean {
  return trim(sql).startsWith(MARK);
}

/**
 * Parses the SQL of a node, with its leading `%`. SQL without one is a template of plain text: it renders to itself, trimmed.
 * @throws TinybirdError TEMPLATE with what is wrong, and the line counted from the text after the `%`
 */
export function parseTemplate(sql: string): Template {
  const text = trim(sql);
  if (!text.startsWith(MARK)) return plainText(text);
  const { nodes, sites, assigned, fault } = parseBlocks(text.slice(MARK.length));
  const reserved = reservedNames(sites);
  const { parameters, fault: parameterFault } = findParameters(sites);
  return {
    nodes,
    names: { assigned, read: namesRead(sites.flatMap(({ roots }) => roots)) },
    parameters,
    tables: findTables(sites),
    asked: askedFor(sites),
    required: requiredNames(parameters),
    arrays: firstDeclaredArrays(parameters),
    warnings: reserved.warnings,
    fault: fault ?? reserved.fault ?? parameterFault,
    parameterFault,
    buildFault: parameterFault ?? unusableName(parameters),
  };
}

function plainText(text: string): Template {
  return {
    nodes: [{ kind: "text", text }],
    names: { assigned: new Set(), read: new Set() },
    parameters: [],
    tables: [],
    asked: new Set(),
    required: [],
    arrays: new Map(),
    warnings: [],
    fault: undefined,
    parameterFault: undefined,
    buildFault: undefined,
  };
}

/** Names read outside comprehensions; the first thing a comprehension walks is outside it. */
function namesRead(roots: readonly Expression[]): ReadonlySet<string> {
  return new Set(
    breadthFirst(roots, outsideParts).flatMap((node) => (node.kind === "name" ? [node.name] : [])),
  );
}

function outsideParts(node: Expression): readonly Expression[] {
  if (node.kind !== "comprehension") return partsOf(node);
  return node.generators.slice(0, 1).map(({ iterable }) => iterable);
}

function requiredNames(parameters: readonly TemplateParameter[]): readonly string[] {
  const open = parameters.filter((entry) => entry.default === null && entry.used_in === undefined);
  return [...new Set(open.map(({ name }) => String(name)))];
}

function firstDeclaredArrays(parameters: readonly TemplateParameter[]): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const { name, type } of parameters) {
    if (typeof name === "string" && !first.has(name)) first.set(name, type);
  }
  const arrays = [...first].map(([name, type]) => [name, /^Array\((.*)\)$/s.exec(type)?.[1]] as const);
  return new Map(
    arrays.flatMap(([name, element]) => (element === undefined ? [] : [[name, element] as const])),
  );
}
