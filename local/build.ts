import { describeNodes } from "./building/nodes.ts";
import { type BuildContext, Site } from "./building/site.ts";
import { placeTable } from "./building/tables.ts";
import { placePipe } from "./building/views.ts";
import type { PipeRecord } from "./catalog.ts";
import type { DatafileSource, Problem } from "./datafile/index.ts";
import { type Changes, changesBetween } from "./plan/changes.ts";
import { readPipe } from "./plan/check.ts";
import { type Graph, graphOf, type Vertex } from "./plan/graph.ts";
import { nameProblems } from "./plan/names.ts";
import { type ParsedProject, parseProject, resourceName } from "./plan/project.ts";
import type { NodeReading } from "./plan/reading.ts";
import type { Catalog } from "./plan/select.ts";
import type { Placement } from "./plan/statements.ts";
import { catalogOf, retiredPlaces, type Served } from "./served.ts";

export type { BuildContext } from "./building/site.ts";
export { catalogOf, newName, type Served } from "./served.ts";

export type BuildOutcome =
  | {
      readonly ok: true;
      readonly served: Served;
      readonly changes: Changes;
      readonly warnings: readonly string[];
      /** Data sources whose rows went to a new table, and whether by a FORWARD_QUERY. */
      readonly moved: readonly { readonly datasource: string; readonly byQuery: boolean }[];
      /** Tables and views that nothing reads any more: to drop once `served` is in place. */
      readonly retired: readonly Placement[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Makes the tables and views of a project beside those that are served, which it leaves as they are: a build that fails
 * has changed nothing, and one that succeeds is put in place by one assignment. Reports the problems of all files.
 */
export async function build(
  files: readonly DatafileSource[],
  current: Served,
  context: BuildContext,
): Promise<BuildOutcome> {
  const parsed = parseProject(files, { secrets: context.secrets });
  const site = new Site(context);
  site.problems.push(...parsed.problems);
  site.warnings.push(...parsed.warnings);
  const served = await new BuildRun(parsed, current, site).run();
  if (site.problems.length > 0) {
    await site.clear();
    return { ok: false, problems: inFileOrder(site.problems, files) };
  }
  return {
    ok: true,
    served,
    warnings: site.warnings,
    changes: changesBetween(current.project, parsed.project),
    moved: [...site.moved.values()],
    retired: retiredPlaces(current, served, context.database),
  };
}

class BuildRun {
  private readonly parsed: ParsedProject;
  private readonly current: Served;
  private readonly site: Site;
  private readonly pipes: Record<string, PipeRecord> = {};
  /** The names of files with a problem of their own: what reads them is not at fault. */
  private readonly unreadable: ReadonlySet<string>;
  private readonly readings = new Map<string, readonly NodeReading[]>();

  constructor(parsed: ParsedProject, current: Served, site: Site) {
    this.parsed = parsed;
    this.current = current;
    this.site = site;
    this.unreadable = new Set(parsed.problems.map(({ path }) => resourceName(path)));
  }

  /** Each stage goes on with what the ones before left sound, so that one build tells all that is wrong. */
  async run(): Promise<Served> {
    const { project } = this.parsed;
    await this.readPipes();
    this.checkNames();
    const graph = graphOf(project, this.readings);
    this.site.problems.push(...graph.cycles);
    const viewTargets = viewTargetsOf(project);
    for (const datasource of project.datasources.values()) {
      const record = await placeTable(datasource, this.current, this.site, viewTargets);
      if (record !== null) this.site.tables[datasource.name] = record;
    }
    await this.placePipes(graph);
    return { project, datasources: this.site.tables, pipes: this.pipes };
  }

  private async readPipes(): Promise<void> {
    const { engine, secrets } = this.site.context;
    const names = new Set(secrets.keys());
    const pipes = [...this.parsed.project.pipes.values()];
    const read = await Promise.all(pipes.map((pipe) => readPipe(pipe, engine, names)));
    pipes.forEach((pipe, index) => {
      this.readings.set(pipe.name, read[index]?.readings ?? []);
      this.site.problems.push(...(read[index]?.problems ?? []));
    });
  }

  private checkNames(): void {
    const { unreadable } = this;
    const isServiceTable = (name: string) => this.catalog().serviceTable(name) !== null;
    const known = { unreadable, isServiceTable };
    this.site.problems.push(...nameProblems(this.parsed.project, this.readings, known));
  }

  /** A pipe with a problem, and what reads it, is not described: ClickHouse would only say it again. */
  private async placePipes(graph: Graph): Promise<void> {
    const catalog = this.catalog();
    const faulty = new Set(this.site.problems.map(({ path }) => path));
    const columns = await describeNodes(graph, catalog, this.site, (vertex) =>
      vertex.kind === "node"
        ? !faulty.has(vertex.pipe.path) && this.isDescribable(vertex)
        : Object.hasOwn(this.site.tables, vertex.name),
    );
    for (const pipe of this.parsed.project.pipes.values()) {
      this.pipes[pipe.name] = await placePipe(pipe, columns, catalog, this.current, this.site);
    }
  }

  private isDescribable({ pipe, node }: Vertex & { kind: "node" }): boolean {
    const reading = this.readings.get(pipe.name)?.find((each) => each.node === node);
    if (reading === undefined || reading.needsRequest) return false;
    return !reading.tables.some((name) => this.unreadable.has(name));
  }

  private catalog(): Catalog {
    const { database, secrets } = this.site.context;
    const { project } = this.parsed;
    return catalogOf({ project, datasources: this.site.tables, pipes: this.pipes }, database, secrets);
  }
}

/** The data sources that a materialized view of the project fills. */
function viewTargetsOf({ pipes }: ParsedProject["project"]): ReadonlySet<string> {
  const nodes = [...pipes.values()].flatMap((pipe) => pipe.nodes);
  return new Set(nodes.flatMap((node) => (node.type === "materialized" ? (node.datasource ?? []) : [])));
}

/** Problems in the order of the files, and of the lines within one. */
function inFileOrder(problems: readonly Problem[], files: readonly DatafileSource[]): readonly Problem[] {
  const places = new Map(files.map(({ path }, index) => [path, index]));
  const place = ({ path }: Problem) => places.get(path) ?? files.length;
  return problems.toSorted((a, b) => place(a) - place(b) || (a.line ?? 0) - (b.line ?? 0));
}
