import type { Pipe, PipeNode } from "../datafile/index.ts";
import { fault } from "../errors.ts";
import {
  isTemplate,
  parseTemplate,
  type RenderRequest,
  renderTemplate,
  type Template,
} from "../template/index.ts";
import { checkCondition } from "./condition.ts";
import { checkSelect } from "./guard/select.ts";
import { SERVICE_DATABASE } from "./names.ts";
import { referenceName } from "./reading.ts";
import { bindSecrets } from "./secrets.ts";
import { readTables, replaceTables, type TableReference, writeTables } from "./tables.ts";

/** What the names in a project's SQL stand for. */
export interface Catalog {
  /** The data source or quarantine of that name, as `database`.`table`; null when there is none. */
  table(name: string): string | null;
  pipe(name: string): Pipe | null;
  /** The table behind `tinybird.NAME`, as `database`.`table`; null when there is none. */
  serviceTable(name: string): string | null;
  /** The value of a secret, which a pipe's SQL reads as a query parameter; null when there is none. */
  secret(name: string): string | null;
}

/** What a caller may read: the names that a statement has itself, not what they read inside. */
export interface Reading {
  mayRead(name: string): boolean;
  /** The conditions of which rows of a data source must meet one for this caller; null for all rows. */
  filtersOf(name: string): readonly string[] | null;
  /** Parameters of a pipe that the caller cannot choose, with their values. */
  fixedParamsOf(pipe: string): Readonly<Record<string, unknown>>;
}

/** What a pipe comes to for a request. */
export interface PipeSelect {
  readonly sql: string;
  /** Threads that its templates asked for with `max_threads(n)`, the last one read; null when none did. */
  readonly maxThreads: number | null;
}

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
export function selectOfPipe(pipe: Pipe, request: RenderRequest, catalog: Catalog): PipeSelect {
  const unfolding = new Unfolding(request, catalog);
  return { sql: unfolding.node(pipe, outputNode(pipe)), maxThreads: unfolding.maxThreads };
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
  options: { reading: Reading; underscore?: Pipe },
): { sql: string; format: string | null } {
  const { reading, underscore } = options;
  const unfoldingOf = unfoldings(request, catalog, reading);
  const checked = checkSelect(isTemplate(sql) ? rendered(sql, request) : sql);
  const unfolded = replaceTables(checked.sql, (reference) => {
    const isUnderscore = reference.table === "_" && reference.database === null && underscore !== undefined;
    if (!isUnderscore && isColumn(reference, catalog)) return null;
    const name = isUnderscore ? underscore.name : referenceName(reference);
    if (!reading.mayRead(name)) throw fault("NO_READ_SCOPE", name);
    if (isUnderscore) return `(${unfoldingOf(name).node(underscore, outputNode(underscore))}\n)`;
    return filtered(unfoldingOf(name).resolve(reference, null), reading.filtersOf(name));
  });
  return { sql: unfolded, format: checked.format };
}

/** Each pipe that a statement reads is rendered with the parameters that are fixed for it. */
function unfoldings(request: RenderRequest, catalog: Catalog, reading: Reading): (name: string) => Unfolding {
  const byName = new Map<string, Unfolding>();
  return (name) => {
    const params = { ...request.params, ...reading.fixedParamsOf(name) };
    const unfolding = byName.get(name) ?? new Unfolding({ ...request, params }, catalog);
    byName.set(name, unfolding);
    return unfolding;
  };
}

/** The rows of a table that a caller may see. Each condition is checked by itself, before brackets stand around it. */
function filtered(table: string | null, filters: readonly string[] | null): string | null {
  if (filters === null || table === null) return table;
  for (const filter of filters) checkCondition(filter);
  return `(SELECT * FROM ${table} WHERE ${filters.map((filter) => `(${filter}\n)`).join(" OR ")})`;
}

/** A caller's own template reads no secrets: who may read rows need not know them. */
function rendered(sql: string, request: RenderRequest): string {
  return renderTemplate(parseTemplate(sql), { ...request, secrets: new Set() }).sql;
}

/** A bare name behind IN that is nothing's name is a column: `tag IN tags`. */
function isColumn({ database, table, position }: TableReference, catalog: Catalog): boolean {
  return (
    position === "in" && database === null && catalog.table(table) === null && catalog.pipe(table) === null
  );
}

/** What is known of a node beyond one request; nodes live as long as the build that made them. */
interface KnownNode {
  readonly template: Template | null;
  /** The text that was read last, past the gate: requests that render the same share the work. */
  last?: { readonly text: string; readonly sql: string; readonly references: readonly TableReference[] };
}

const knownNodes = new WeakMap<PipeNode, KnownNode>();

function known(node: PipeNode): KnownNode {
  const before = knownNodes.get(node);
  if (before !== undefined) return before;
  const fresh: KnownNode = { template: isTemplate(node.sql) ? parseTemplate(node.sql) : null };
  knownNodes.set(node, fresh);
  return fresh;
}

/** A node's rendered text as one SELECT that the gate lets pass, with the tables that it reads. */
function readText(node: PipeNode, text: string): NonNullable<KnownNode["last"]> {
  const remembered = known(node);
  if (remembered.last?.text !== text) {
    const { sql } = checkSelect(text);
    remembered.last = { text, sql, references: readTables(sql) };
  }
  return remembered.last;
}

class Unfolding {
  private readonly request: RenderRequest;
  private readonly catalog: Catalog;
  /** The nodes being folded in, outermost first: one that stands here already is a cycle. */
  private readonly open: string[] = [];
  /** One request sees one text of a node, however often it is read. */
  private readonly done = new Map<PipeNode, string>();
  maxThreads: number | null = null;

  constructor(request: RenderRequest, catalog: Catalog) {
    this.request = request;
    this.catalog = catalog;
  }

  node(pipe: Pipe, node: PipeNode): string {
    const done = this.done.get(node);
    if (done !== undefined) return done;
    const name = `${pipe.name}.${node.name}`;
    if (this.open.includes(name)) throw fault("CYCLE", [...this.open, name]);
    this.open.push(name);
    const { sql, references } = readText(node, this.textOf(node));
    const unfolded = writeTables(sql, references, (reference) => this.resolve(reference, pipe));
    if (unfolded.length > MAX_SQL_LENGTH) throw fault("SQL_TOO_LONG", name, MAX_SQL_LENGTH);
    this.open.pop();
    this.done.set(node, unfolded);
    return unfolded;
  }

  /** The SQL of a node for this request, the values of its secrets in place. */
  private textOf(node: PipeNode): string {
    const { template } = known(node);
    if (template === null) return node.sql;
    const { sql, secrets, settings } = renderTemplate(template, this.request);
    if (typeof settings.max_threads === "number") this.maxThreads = settings.max_threads;
    return bindSecrets(sql, secrets, (name) => this.catalog.secret(name));
  }

  /** What to write in place of a name; null leaves it. */
  resolve(reference: TableReference, within: Pipe | null): string | null {
    const { database, table: name } = reference;
    if (database !== null) return this.serviceTable(reference);
    const node = within?.nodes.find((each) => each.name === name);
    if (within && node) return `(${this.node(within, node)}\n)`;
    const table = this.catalog.table(name);
    if (table !== null) return table;
    const pipe = this.catalog.pipe(name);
    if (pipe !== null) return `(${this.node(pipe, outputNode(pipe))}\n)`;
    if (reference.position === "in") return null;
    throw fault("UNKNOWN_TABLE", name);
  }

  private serviceTable(reference: TableReference): string {
    const isService = reference.database === SERVICE_DATABASE;
    const table = isService ? this.catalog.serviceTable(reference.table) : null;
    if (table === null) throw fault("UNKNOWN_TABLE", referenceName(reference));
    return table;
  }
}
