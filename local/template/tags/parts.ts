import type { Expression } from "../expression/nodes.ts";
import type { parseHandler } from "../expression/statement.ts";
import { malformed, refusal, tagFault } from "../faults.ts";
import { trim } from "../values/numbers.ts";
import type { Handler, Node } from "./nodes.ts";

/** Tags that open a block. `apply` and `block` are read to their end and then refused. */
export type BlockName = "if" | "for" | "while" | "try" | "apply" | "block";

/** Tags that part a block, and the blocks they may part. */
export const PARTITIONS: ReadonlyMap<string, readonly BlockName[]> = new Map([
  ["else", ["if", "for", "while", "try"]],
  ["elif", ["if"]],
  ["except", ["try"]],
  ["finally", ["try"]],
] satisfies [string, BlockName[]][]);

/** Tags of the host language that are always refused, with the name that the refusal uses. */
export const FORBIDDEN: ReadonlyMap<string, string> = new Map(
  ["import", "include", "extends", "raw", "module", "autoescape"].map((name) => [name, name]),
).set("from", "import");

/** One `{% … %}`. */
export interface Tag {
  readonly operator: string;
  /** What follows the operator's first blank. */
  readonly suffix: string;
  readonly content: string;
  readonly line: number;
  readonly endLine: number;
}

/** A part of a block: its own tag (`if`, `elif`, `else`, …), what that tag says, and what it encloses. */
export interface Part {
  readonly tag: Tag;
  readonly test?: Expression;
  readonly handler?: ReturnType<typeof parseHandler>;
  readonly nodes: Node[];
}

/** The operator is all that stands before the first blank; tabs and line breaks do not count as one. */
export function splitTag(content: string, line: number, endLine: number): Tag {
  const blank = content.indexOf(" ");
  const operator = blank < 0 ? content : content.slice(0, blank);
  return { operator, suffix: blank < 0 ? "" : trim(content.slice(blank)), content, line, endLine };
}

/** The node of a `try` block. */
export function attempt(tag: Tag, parts: readonly [Part, ...Part[]]): Node {
  if (tag.suffix !== "") throw refusal(`Invalid control block: ${tag.content}`);
  inOrder(parts, ["try", "except", "else", "finally"]);
  const handlers = parts.flatMap(({ tag: { line }, handler, nodes }): Handler[] =>
    handler === undefined ? [] : [{ ...handler, body: nodes, line }],
  );
  const bare = handlers.findIndex(({ type }) => type === undefined);
  if (bare >= 0 && bare < handlers.length - 1) throw malformed(tag.content, "a bare 'except' comes last");
  const last = parts.at(-1)?.tag.operator;
  if (handlers.length === 0 && last !== "finally")
    throw malformed(tag.content, "it needs 'except' or 'finally'");
  if (handlers.length === 0 && parts.length > 2) throw malformed(tag.content, "'else' needs an 'except'");
  return {
    kind: "try",
    body: parts[0].nodes,
    handlers,
    otherwise: only(parts, "else"),
    finally: only(parts, "finally"),
  };
}

/** The nodes of the one part with that operator; none when there is no such part. */
export function only(parts: readonly Part[], operator: "else" | "finally"): readonly Node[] {
  const [first, second] = parts.filter(({ tag }) => tag.operator === operator);
  if (second !== undefined) throw malformed(second.tag.content, `a block has one '${operator}'`);
  return first?.nodes ?? [];
}

/** Refuses parts that stand in another order than this one. */
export function inOrder(parts: readonly Part[], order: readonly string[]): void {
  let reached = 0;
  for (const { tag } of parts) {
    const at = order.indexOf(tag.operator);
    if (at < reached) throw malformed(tag.content, `'${tag.operator}' cannot follow '${order[reached]}'`);
    reached = at;
  }
}

/** The refusal of a tag that needs a block around it. */
export function outside(tag: Tag, parents: readonly BlockName[]): Error {
  return tagFault(`${tag.operator} outside {${parents.join(", ")}} block`, tag.endLine);
}
