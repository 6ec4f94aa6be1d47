import type { Pipe, PipeNode, Problem } from "../datafile/index.ts";
import { type Project, problemIn } from "./project.ts";
import { type NodeReading, targetOf } from "./reading.ts";
import { outputNode } from "./select.ts";

/** One node of a pipe, with what it reads; or a data source, which reads the materialized nodes that fill it. */
export type Vertex =
  | { readonly kind: "node"; readonly pipe: Pipe; readonly node: PipeNode }
  | { readonly kind: "datasource"; readonly name: string; readonly path: string };

/** Who reads whom, in a whole project. */
export interface Graph {
  /** What a vertex reads comes before it; what stands on a cycle is left out. */
  readonly order: readonly Vertex[];
  /** The vertices that one reads. */
  reads(vertex: Vertex): readonly Vertex[];
  /** One problem for each cycle, named by file. */
  readonly cycles: readonly Problem[];
}

/** @param readings of the nodes that could be read, by pipe. */
export function graphOf(project: Project, readings: ReadonlyMap<string, readonly NodeReading[]>): Graph {
  const edges = new Edges(project, readings);
  const walk = new Walk(edges);
  for (const vertex of edges.vertices) walk.visit(vertex);
  return { order: walk.order, cycles: walk.cycles, reads: (vertex) => edges.from(vertex) };
}

class Edges {
  readonly vertices: readonly Vertex[];
  private readonly datasources: ReadonlyMap<string, Vertex>;
  private readonly nodes: ReadonlyMap<PipeNode, Vertex>;
  private readonly tables: ReadonlyMap<PipeNode, readonly string[]>;
  private readonly project: Project;

  constructor(project: Project, readings: ReadonlyMap<string, readonly NodeReading[]>) {
    this.project = project;
    const pipes = [...project.pipes.values()];
    this.datasources = new Map(
      [...project.datasources.values()].map(({ name, path }) => [name, { kind: "datasource", name, path }]),
    );
    this.nodes = new Map(
      pipes.flatMap((pipe) => pipe.nodes.map((node) => [node, { kind: "node", pipe, node }] as const)),
    );
    this.tables = new Map([...readings.values()].flat().map(({ node, tables }) => [node, tables]));
    this.vertices = [...this.datasources.values(), ...this.nodes.values()];
  }

  from(vertex: Vertex): readonly Vertex[] {
    if (vertex.kind === "datasource") return this.filling(vertex.name);
    const tables = this.tables.get(vertex.node) ?? [];
    return tables.flatMap((name) => this.named(name, vertex.pipe) ?? []);
  }

  private named(name: string, within: Pipe): Vertex | undefined {
    const own = within.nodes.find((node) => node.name === name);
    if (own !== undefined) return this.nodes.get(own);
    const pipe = this.project.pipes.get(name);
    return this.datasources.get(name) ?? (pipe && this.nodes.get(outputNode(pipe)));
  }

  /** A copy is no edge: it runs when it is told to, and may well fill what it reads. */
  private filling(datasource: string): readonly Vertex[] {
    return [...this.nodes.values()].filter(
      (vertex) =>
        vertex.kind === "node" && vertex.node.type === "materialized" && targetOf(vertex.node) === datasource,
    );
  }
}

/** A depth-first walk. */
class Walk {
  readonly order: Vertex[] = [];
  readonly cycles: Problem[] = [];
  private readonly edges: Edges;
  private readonly done = new Set<Vertex>();
  private readonly cyclic = new Set<Vertex>();
  private readonly open: Vertex[] = [];

  constructor(edges: Edges) {
    this.edges = edges;
  }

  visit(vertex: Vertex): void {
    if (this.done.has(vertex)) return;
    const since = this.open.indexOf(vertex);
    if (since !== -1) {
      this.report(this.open.slice(since));
      return;
    }
    this.open.push(vertex);
    for (const next of this.edges.from(vertex)) this.visit(next);
    this.open.pop();
    this.done.add(vertex);
    if (!this.cyclic.has(vertex)) this.order.push(vertex);
  }

  private report(cycle: readonly Vertex[]): void {
    for (const vertex of cycle) this.cyclic.add(vertex);
    const first = cycle.find(({ kind }) => kind === "node") ?? cycle[0];
    if (first === undefined) return;
    const names = [...cycle, ...cycle.slice(0, 1)].map(labelOf).join(" → ");
    const path = first.kind === "node" ? first.pipe.path : first.path;
    const line = first.kind === "node" ? first.node.line : null;
    this.cycles.push(problemIn(path, `reads itself in a circle: ${names}`, line));
  }
}

function labelOf(vertex: Vertex): string {
  return vertex.kind === "datasource" ? vertex.path : `${vertex.pipe.path} (node ${vertex.node.name})`;
}
