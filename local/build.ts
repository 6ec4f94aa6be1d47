import { randomBytes } from "node:crypto";
import type { PipeRecord, TableRecord } from "./catalog.ts";
import type { DatafileSource, Datasource, Pipe, PipeNode, Problem } from "./datafile/index.ts";
import { type Engine, EngineError } from "./engine/engine.ts";
import { TinybirdError } from "./errors.ts";
import { createQuarantine } from "./ingest/quarantine.ts";
import { type Changes, changesBetween } from "./plan/changes.ts";
import { type Project, parseProject, problemIn } from "./plan/project.ts";
import { type Catalog, outputNode, selectOfNode } from "./plan/select.ts";
import {
  createMaterializedView,
  createTable,
  dropTable,
  type Placement,
  qualified,
  quarantineOf,
} from "./plan/statements.ts";

/** What is served: the project, and where its data sources and views live in ClickHouse. */
export interface Served {
  readonly project: Project;
  readonly datasources: Readonly<Record<string, TableRecord>>;
  readonly pipes: Readonly<Record<string, PipeRecord>>;
}

export type BuildOutcome =
  | {
      readonly ok: true;
      readonly served: Served;
      readonly changes: Changes;
      readonly warnings: readonly string[];
      /** Tables and views that nothing reads any more: to drop once `served` is in place. */
      readonly retired: readonly Placement[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface BuildContext {
  readonly engine: Engine;
  readonly database: string;
  readonly secrets: ReadonlyMap<string, string>;
  readonly now: Date;
}

/**
 * Makes the tables and views of a project beside those that are served, which it leaves as they are:
 * a build that fails has changed nothing, and one that succeeds is put in place by one assignment.
 */
export async function build(
  files: readonly DatafileSource[],
  current: Served,
  context: BuildContext,
): Promise<BuildOutcome> {
  const { project, problems, warnings } = parseProject(files, { secrets: context.secrets });
  if (problems.length > 0) return { ok: false, problems };
  const run = new BuildRun(project, current, context);
  const failures = await run.run();
  if (failures.length > 0) {
    await run.undo();
    return { ok: false, problems: failures };
  }
  const served = run.served();
  return {
    ok: true,
    served,
    warnings,
    changes: changesBetween(current.project, project),
    retired: retiredPlaces(current, served, context.database),
  };
}

/** What a name in SQL stands for, given what is served. */
export function catalogOf(served: Served, database: string): Catalog {
  return {
    table(name) {
      const own = served.datasources[name];
      if (own !== undefined) return qualified({ database, table: own.table });
      const source = name.endsWith("_quarantine")
        ? served.datasources[name.slice(0, -"_quarantine".length)]
        : undefined;
      return source === undefined ? null : qualified(quarantineOf({ database, table: source.table }));
    },
    pipe: (name) => served.project.pipes.get(name) ?? null,
  };
}

class BuildRun {
  private readonly project: Project;
  private readonly current: Served;
  private readonly context: BuildContext;
  private readonly created: Placement[] = [];
  private readonly datasources: Record<string, TableRecord> = {};
  private readonly pipes: Record<string, PipeRecord> = {};
  private readonly problems: Problem[] = [];

  constructor(project: Project, current: Served, context: BuildContext) {
    this.project = project;
    this.current = current;
    this.context = context;
  }

  /** Each stage reports all of its problems; a later stage runs only when the earlier ones found none. */
  async run(): Promise<readonly Problem[]> {
    for (const datasource of this.project.datasources.values()) await this.placeDatasource(datasource);
    if (this.problems.length > 0) return this.problems;
    for (const pipe of this.project.pipes.values()) await this.checkPipe(pipe);
    if (this.problems.length > 0) return this.problems;
    for (const pipe of this.project.pipes.values()) await this.placePipe(pipe);
    return this.problems;
  }

  async undo(): Promise<void> {
    for (const place of this.created.toReversed()) await this.context.engine.command(dropTable(place));
  }

  served(): Served {
    return { project: this.project, datasources: this.datasources, pipes: this.pipes };
  }

  /** A data source whose CREATE TABLE is the same as before keeps its table and its rows. */
  private async placeDatasource(datasource: Datasource): Promise<void> {
    const before = this.current.datasources[datasource.name];
    const served = this.current.project.datasources.get(datasource.name);
    if (before !== undefined && served !== undefined && sameTable(served, datasource)) {
      this.datasources[datasource.name] = touched(
        before,
        served.content !== datasource.content,
        this.context.now,
      );
      return;
    }
    const table = newName("t");
    const place = { database: this.context.database, table };
    const statement = createTable(place, datasource);
    if (!statement.ok) {
      this.problems.push(problemIn(datasource.path, statement.message));
      return;
    }
    await this.attempt(datasource.path, null, async () => {
      await this.create(place, statement.sql);
      const quarantine = quarantineOf(place);
      await this.create(quarantine, createQuarantine(qualified(quarantine), datasource.columns));
    });
    const stamp = this.context.now.toISOString();
    this.datasources[datasource.name] = {
      id: before?.id ?? table,
      table,
      createdAt: before?.createdAt ?? stamp,
      updatedAt: stamp,
    };
  }

  /** ClickHouse describes every node, so that a wrong column is a build error and not the first caller's 400. */
  private async checkPipe(pipe: Pipe): Promise<void> {
    for (const node of pipe.nodes) {
      await this.attempt(pipe.path, node.line, async () => {
        await this.context.engine.query(`DESCRIBE (${this.selectToCheck(pipe, node)}\n)`);
      });
    }
  }

  private async placePipe(pipe: Pipe): Promise<void> {
    const before = this.current.pipes[pipe.name];
    const served = this.current.project.pipes.get(pipe.name);
    const stamp = this.context.now.toISOString();
    const record: PipeRecord = before
      ? touched(before, served?.content !== pipe.content, this.context.now)
      : { id: newName("p"), createdAt: stamp, updatedAt: stamp };
    const node = outputNode(pipe);
    this.pipes[pipe.name] =
      node.type === "materialized" ? await this.placeView(pipe, node, record, before) : record;
  }

  /** A view is made anew when its SELECT changes, and with it when a table that it reads or fills does. */
  private async placeView(
    pipe: Pipe,
    node: PipeNode,
    record: PipeRecord,
    before: PipeRecord | undefined,
  ): Promise<PipeRecord> {
    const target = this.datasources[node.datasource ?? ""];
    if (target === undefined) {
      this.problems.push(
        problemIn(pipe.path, `DATASOURCE '${node.datasource}' is not in the project`, node.line),
      );
      return record;
    }
    const to = { database: this.context.database, table: target.table };
    const select = this.selectToCheck(pipe, node);
    const viewSelect = `${qualified(to)} ${select}`;
    if (before?.view !== undefined && before.viewSelect === viewSelect)
      return { ...record, view: before.view, viewSelect };
    const view = newName("v");
    await this.attempt(pipe.path, node.line, async () => {
      await this.create({ ...to, table: view }, createMaterializedView({ ...to, table: view }, to, select));
      if (this.created.some((place) => place.table === target.table)) {
        await this.context.engine.command(`INSERT INTO ${qualified(to)}\n${select}`);
      }
    });
    return { ...record, view, viewSelect };
  }

  private selectToCheck(pipe: Pipe, node: PipeNode): string {
    const catalog = catalogOf(this.served(), this.context.database);
    const withPipes: Catalog = { ...catalog, pipe: (name) => this.project.pipes.get(name) ?? null };
    return selectOfNode(pipe, node, { params: {}, check: true }, withPipes);
  }

  private async create(place: Placement, sql: string): Promise<void> {
    await this.context.engine.command(sql);
    this.created.push(place);
  }

  /** What a caller can mend becomes a problem of the file; anything else is a fault of ours and goes on up. */
  private async attempt(path: string, line: number | null, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof EngineError || error instanceof TinybirdError)) throw error;
      this.problems.push(problemIn(path, error.message, line));
    }
  }
}

function sameTable(a: Datasource, b: Datasource): boolean {
  const place = { database: "", table: "" };
  return JSON.stringify(createTable(place, a)) === JSON.stringify(createTable(place, b));
}

function touched<Stamped extends { updatedAt: string }>(
  before: Stamped,
  changed: boolean,
  now: Date,
): Stamped {
  return changed ? { ...before, updatedAt: now.toISOString() } : before;
}

/** Views first: one must not outlive the table that it fills. */
function retiredPlaces(current: Served, next: Served, database: string): Placement[] {
  const keptViews = new Set(Object.values(next.pipes).map((pipe) => pipe.view));
  const keptTables = new Set(Object.values(next.datasources).map((datasource) => datasource.table));
  const views = Object.values(current.pipes).flatMap(({ view }) =>
    view === undefined || keptViews.has(view) ? [] : [{ database, table: view }],
  );
  const tables = Object.values(current.datasources)
    .filter(({ table }) => !keptTables.has(table))
    .flatMap(({ table }) => [{ database, table }, quarantineOf({ database, table })]);
  return [...views, ...tables];
}

/** Bytes of randomness in a name that only has to be new within one database. */
const NAME_BYTES = 8;

/** A name for a table, view or database; the letter tells which. */
export function newName(letter: string): string {
  return `${letter}_${randomBytes(NAME_BYTES).toString("hex")}`;
}
