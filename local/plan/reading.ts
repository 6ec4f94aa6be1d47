import type { Pipe, PipeNode, Problem } from "../datafile/index.ts";
import { fault } from "../errors.ts";
import {
  isTemplate,
  PLACEHOLDER_NAME,
  parseTemplate,
  renderTemplate,
  templateBuildFault,
  templateTables,
} from "../template/index.ts";
import { checkSelect } from "./guard/select.ts";
import { bindSecrets } from "./secrets.ts";
import { tokenizeSql } from "./sql/tokens.ts";
import { isName, unquote } from "./sql/tree.ts";
import { readTables, type TableReference } from "./tables.ts";

/** What a node reads, seen without a request: its template is rendered with defaults, and `defined()` says no. */
export interface NodeReading {
  readonly node: PipeNode;
  /** The SELECT as a build checks it. */
  readonly sql: string;
  readonly references: readonly TableReference[];
  /** The names that it reads, sorted: those of the SELECT, and those of `table('…')` in branches that were not taken. */
  readonly tables: readonly string[];
  /** A name in it comes from the request, `{{table(t)}}`: there is nothing to look up yet. */
  readonly needsRequest: boolean;
}

/**
 * @param secrets names of the secrets that the workspace has.
 * @throws TinybirdError for a template or a SELECT that a build refuses.
 */
export function readNode(node: PipeNode, secrets: ReadonlySet<string>): NodeReading {
  const { text, tables } = renderedForCheck(node, secrets);
  const { sql } = checkSelect(text);
  const references = readTables(sql);
  const names = new Set([...references.map(referenceName), ...tables]);
  const needsRequest = isTemplate(node.sql) && node.type !== "materialized" && holdsPlaceholder(sql);
  return { node, sql, references, tables: [...names].sort(), needsRequest };
}

function holdsPlaceholder(sql: string): boolean {
  return tokenizeSql(sql).some((token) => isName(token) && unquote(token) === PLACEHOLDER_NAME);
}

function renderedForCheck(
  node: PipeNode,
  secrets: ReadonlySet<string>,
): { text: string; tables: readonly string[] } {
  if (!isTemplate(node.sql)) {
    if (holdsTags(node.sql)) throw fault("TEMPLATE", "The SQL has template tags; its first line must be %");
    return { text: node.sql, tables: [] };
  }
  const template = parseTemplate(node.sql);
  const refused = templateBuildFault(template);
  if (refused !== undefined) throw fault("TEMPLATE", refused);
  const rendered = renderTemplate(template, { params: {}, secrets, check: true });
  if (rendered.sql.trim() === "") throw fault("TEMPLATE", "The template renders to nothing");
  // Any text will do: what a secret says is of no account to what is read.
  const text = bindSecrets(rendered.sql, rendered.secrets, () => "");
  return { text, tables: templateTables(template) };
}

/** Template tags outside strings and comments: `{%` begins nothing in SQL. */
function holdsTags(sql: string): boolean {
  const tokens = tokenizeSql(sql);
  return tokens.some(
    ({ text, end }, at) => text === "{" && tokens[at + 1]?.text === "%" && tokens[at + 1]?.start === end,
  );
}

/** A name as it is written: `posts`, or `workspace.posts`. */
export function referenceName({ database, table }: TableReference): string {
  return database === null ? table : `${database}.${table}`;
}

/**
 * Every resource that a pipe depends on, sorted: what its nodes read beyond each other, and what they write to.
 * @param readings of all of its nodes
 */
export function dependenciesOf(pipe: Pipe, readings: readonly NodeReading[]): readonly string[] {
  const own = new Set(pipe.nodes.map((node) => node.name));
  const read = readings.flatMap(({ tables }) => tables).filter((name) => !own.has(name));
  // As Tinybird counts: also the target that a node of another type names without effect.
  const written = pipe.nodes.flatMap((node) => node.datasource ?? node.copy?.targetDatasource ?? []);
  return [...new Set([...read, ...written])].sort();
}

/** The data source that a materialized or copy node fills. */
export function targetOf(node: PipeNode): string | null {
  if (node.type === "materialized") return node.datasource;
  return node.type === "copy" ? (node.copy?.targetDatasource ?? null) : null;
}

/** ClickHouse's `(line 2, col 9)`, a template's `<string>:2` and ours, `line 2, column 9`: the line within the text. */
const NAMED_LINE = /(?:\bline |<string>:)(\d+)/;

/**
 * A refusal of a node's text as a problem of its file, at the line that the refusal names.
 * @param text what was refused; a rendered template is only followed when it has as many lines as its source.
 */
export function problemOfNode(pipe: Pipe, node: PipeNode, message: string, text = node.sql): Problem {
  const named = Number(NAMED_LINE.exec(message)?.[1]);
  const isAligned = text.split("\n").length === node.sql.split("\n").length;
  return nodeProblem(pipe, node, message, isAligned ? named : null);
}

/** The line in the file of the first name that a message quotes and the node's SQL has; that of the node without one. */
export function lineNaming(node: PipeNode, message: string): number {
  const lines = node.sql.split("\n");
  const quoted = Array.from(
    message.matchAll(/[`'](\w+)[`']/g),
    ([, name = ""]) => new RegExp(`\\b${name}\\b`),
  );
  const found = quoted.map((name) => lines.findIndex((line) => name.test(line))).find((at) => at !== -1);
  return node.sqlLines[found ?? -1] ?? node.line;
}

/** A problem of one node. @param within the 1-based line in its SQL, when one is known */
export function nodeProblem(pipe: Pipe, node: PipeNode, message: string, within: number | null): Problem {
  const line = node.sqlLines[(within ?? 0) - 1] ?? node.line;
  return {
    path: pipe.path,
    line,
    pos: null,
    message: `node '${node.name}': ${message}`,
    hint: null,
    kind: "sql",
  };
}
