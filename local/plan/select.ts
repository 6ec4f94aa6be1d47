import type { Pipe, PipeNode } from "../datafile/index.ts";
import { fault } from "../errors.ts";
import {
  isTemplate,
  parseTemplate,
  type RenderRequest,
  renderTemplate,
  type Template,
} from "../template/index.ts";
import { checkSelect } from "./guard/select.ts";
import { replaceTables, type TableReference } from "./tables.ts";

/** What the names in a project's SQL stand for. */
export interface Catalog {
  /** The data source or quarantine of that name, as `database`.`table`; null when there is none. */
  table(name: string): string | null;
  pipe(name: string): Pipe | null;
}

/** Who may read what: a check of the names that a statement reads itself, not of what they read inside. */
export type MayRead = (name: string) => boolean;

/** Bytes of SQL that nodes and pipes may unfold to: a node read twice is written out twice, so nesting can explode. */
const MAX_SQL_LENGTH = 4_000_000;

/** The node whose rows a pipe answers: the one with a type, else the last. */
export function outputNode(pipe: Pipe): PipeNode {
  const node = pipe.nodes.find((each) => each.type !== null && each.type !== "standard") ?? pipe.nodes.at(-1);
  if (node === undefined) throw fault("PIPE_WITHOUT_NODE", pipe.name);
  return node;
}

/**
 * One SELECT for a pipe and a request: templates rendered, nodes and referenced pipes folded in, names replaced.
 * Parameters cascade: a pipe that is read sees the same request.
 * @throws TinybirdError for a template error, an unknown name, a cycle, or SQL that the guard refuses.
 */
export function selectOfPipe(pipe: Pipe, request: RenderRequest, catalog: Catalog): string {
  return new Unfolding(request, catalog).node(pipe, outputNode(pipe));
}

/** The same for one node of a pipe: what a build checks. */
export function selectOfNode(pipe: Pipe, node: PipeNode, request: RenderRequest, catalog: Catalog): string {
  return new Unfolding(request, catalog).node(pipe, node);
}

/**
 * The same for a statement of a caller (`/v0/sql`, `q=`).
 * @param underscore the pipe that `_` stands for, when the call names one.
 */
export function selectOfStatement(
  sql: string,
  request: RenderRequest,
  catalog: Catalog,
  options: { mayRead: MayRead; underscore?: Pipe },
): { sql: string; format: string | null } {
  const unfolding = new Unfolding(request, catalog);
  const checked = checkSelect(isTemplate(sql) ? unfolding.render(sql) : sql);
  const unfolded = replaceTables(checked.sql, (reference) => {
    if (reference.table === "_" && options.underscore !== undefined) {
      return `(${unfolding.node(options.underscore, outputNode(options.underscore))})`;
    }
    if (!options.mayRead(reference.table)) throw fault("NO_READ_SCOPE", nameOf(reference));
    return unfolding.resolve(reference, null);
  });
  return { sql: unfolded, format: checked.format };
}

/** Templates are parsed once: nodes live as long as the build that made them. */
const parsedTemplates = new WeakMap<PipeNode, Template>();

function templateOf(node: PipeNode): Template {
  const known = parsedTemplates.get(node);
  if (known !== undefined) return known;
  const template = parseTemplate(node.sql);
  parsedTemplates.set(node, template);
  return template;
}

class Unfolding {
  private readonly request: RenderRequest;
  private readonly catalog: Catalog;
  /** The nodes being folded in, outermost first: one that stands here already is a cycle. */
  private readonly open: string[] = [];

  constructor(request: RenderRequest, catalog: Catalog) {
    this.request = request;
    this.catalog = catalog;
  }

  render(sql: string): string {
    return renderTemplate(parseTemplate(sql), this.request).sql;
  }

  node(pipe: Pipe, node: PipeNode): string {
    const name = `${pipe.name}.${node.name}`;
    if (this.open.includes(name)) throw fault("CYCLE", [...this.open, name]);
    this.open.push(name);
    const text = isTemplate(node.sql) ? renderTemplate(templateOf(node), this.request).sql : node.sql;
    const checked = checkSelect(text);
    const sql = replaceTables(checked.sql, (reference) => this.resolve(reference, pipe));
    if (sql.length > MAX_SQL_LENGTH) throw fault("SQL_TOO_LONG", name, MAX_SQL_LENGTH);
    this.open.pop();
    return sql;
  }

  resolve(reference: TableReference, within: Pipe | null): string {
    if (reference.database !== null) throw fault("UNKNOWN_TABLE", nameOf(reference));
    const node = within?.nodes.find((each) => each.name === reference.table);
    if (within && node) return `(${this.node(within, node)}\n)`;
    const table = this.catalog.table(reference.table);
    if (table !== null) return table;
    const pipe = this.catalog.pipe(reference.table);
    if (pipe === null) throw fault("UNKNOWN_TABLE", nameOf(reference));
    return `(${this.node(pipe, outputNode(pipe))}\n)`;
  }
}

function nameOf(reference: TableReference): string {
  return reference.database === null ? reference.table : `${reference.database}.${reference.table}`;
}
