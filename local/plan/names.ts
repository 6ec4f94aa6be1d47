import type { Pipe, PipeNode, Problem } from "../datafile/index.ts";
import { PLACEHOLDER_NAME } from "../template/index.ts";
import { type Project, problemIn } from "./project.ts";
import { type NodeReading, nodeProblem, referenceName, targetOf } from "./reading.ts";
import type { TableReference } from "./tables.ts";

/** Which names a project may read, beside its own. */
export interface KnownNames {
  /** Files that could not be parsed: what reads them is not at fault. */
  readonly unreadable: ReadonlySet<string>;
  /** Is there a service table `tinybird.NAME`? */
  isServiceTable(name: string): boolean;
}

/** Every name in a project's SQL that stands for nothing, and every node that takes the name of something. */
export function nameProblems(
  project: Project,
  readings: ReadonlyMap<string, readonly NodeReading[]>,
  known: KnownNames,
): readonly Problem[] {
  return [...project.pipes.values()].flatMap((pipe) => [
    ...pipe.nodes.flatMap((node) => shadowing(project, pipe, node)),
    ...pipe.nodes.flatMap((node) => missingTarget(project, pipe, node, known)),
    ...(readings.get(pipe.name) ?? []).flatMap((reading) => unknownTables(project, pipe, reading, known)),
  ]);
}

function shadowing(project: Project, pipe: Pipe, node: PipeNode): Problem[] {
  const other = project.datasources.get(node.name) ?? project.pipes.get(node.name);
  // Its own pipe's name hides nothing: a pipe cannot read itself.
  if (other === undefined || other === pipe) return [];
  const message = `node '${node.name}' has the name of ${other.path}; a node needs a name of its own`;
  return [problemIn(pipe.path, message, node.line)];
}

function missingTarget(project: Project, pipe: Pipe, node: PipeNode, known: KnownNames): Problem[] {
  const target = targetOf(node);
  if (target === null || project.datasources.has(target) || known.unreadable.has(target)) return [];
  const instruction = node.type === "copy" ? "TARGET_DATASOURCE" : "DATASOURCE";
  return [problemIn(pipe.path, `${instruction} '${target}' is not in the project`, node.line)];
}

function unknownTables(
  project: Project,
  pipe: Pipe,
  { node, sql, references, needsRequest }: NodeReading,
  known: KnownNames,
): Problem[] {
  const isKnown = (reference: TableReference) => {
    const { database, table, position } = reference;
    if (database !== null) return database === SERVICE_DATABASE && known.isServiceTable(table);
    if (needsRequest && table === PLACEHOLDER_NAME) return true;
    // Behind IN it may be a column; ClickHouse will tell.
    return position === "in" || isReadable(project, pipe, table) || known.unreadable.has(table);
  };
  return references
    .filter((reference) => !isKnown(reference))
    .map((reference) => {
      const message = `'${referenceName(reference)}' is no data source, pipe or node${didYouMean(project, pipe, reference.table)}`;
      return nodeProblem(pipe, node, message, lineAt(sql, reference.start));
    });
}

/** The database that the service tables are read from. */
export const SERVICE_DATABASE = "tinybird";

function isReadable(project: Project, pipe: Pipe, table: string): boolean {
  const ofQuarantine = table.replace(/_quarantine$/, "");
  return (
    pipe.nodes.some((node) => node.name === table) ||
    project.pipes.has(table) ||
    project.datasources.has(table) ||
    project.datasources.has(ofQuarantine)
  );
}

/** A name that differs only in case: the mistake that is hardest to see. */
function didYouMean(project: Project, pipe: Pipe, table: string): string {
  const names = [
    ...project.datasources.keys(),
    ...project.pipes.keys(),
    ...pipe.nodes.map((node) => node.name),
  ];
  const near = names.find((name) => name.toLowerCase() === table.toLowerCase());
  return near === undefined ? "" : `; is '${near}' meant?`;
}

function lineAt(sql: string, offset: number): number {
  return sql.slice(0, offset).split("\n").length;
}
