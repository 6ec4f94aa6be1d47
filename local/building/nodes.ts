import type { Pipe, PipeNode } from "../datafile/index.ts";
import { rowsOf } from "../engine/engine.ts";
import type { Graph, Vertex } from "../plan/graph.ts";
import { lineNaming } from "../plan/reading.ts";
import { type Catalog, selectOfNode } from "../plan/select.ts";
import type { DescribedColumn } from "../plan/view-columns.ts";
import type { Site } from "./site.ts";

/** The columns of every node that ClickHouse could describe. */
export type NodeColumns = ReadonlyMap<PipeNode, readonly DescribedColumn[]>;

/**
 * Has ClickHouse describe the project's nodes, so that a wrong column is a build error and not the first caller's 400.
 * A node that is read is folded into its readers: when nodes that nobody reads are sound, so is all that they read. What
 * remains is described one by one, and what reads something broken is passed over: a problem is told once, where it is.
 * @param isSound whether a vertex has no problem of its own so far
 */
export async function describeNodes(
  graph: Graph,
  catalog: Catalog,
  site: Site,
  isSound: (vertex: Vertex) => boolean,
): Promise<NodeColumns> {
  const columns = new Map<PipeNode, readonly DescribedColumn[]>();
  const known = await soundThroughReaders(graph, catalog, site, { columns, isSound });
  const sound = new Map<Vertex, Promise<boolean>>();
  const check = async (vertex: Vertex): Promise<boolean> => {
    if (known.has(vertex)) return true;
    if (!isSound(vertex) || vertex.kind === "datasource") return isSound(vertex);
    const read = await Promise.all(graph.reads(vertex).map((each) => sound.get(each) ?? false));
    if (!read.every(Boolean)) return false;
    const described = await describe(vertex.pipe, vertex.node, catalog, site);
    if (described !== null) columns.set(vertex.node, described);
    return described !== null;
  };
  // In order, so that what a node reads is under way before it; the engine answers several at a time.
  for (const vertex of graph.order) sound.set(vertex, check(vertex));
  await Promise.all(sound.values());
  return columns;
}

/** What is sound because a node that nobody reads, and that reads it, could be described. */
async function soundThroughReaders(
  graph: Graph,
  catalog: Catalog,
  site: Site,
  {
    columns,
    isSound,
  }: { columns: Map<PipeNode, readonly DescribedColumn[]>; isSound(vertex: Vertex): boolean },
): Promise<ReadonlySet<Vertex>> {
  const read = new Set(
    graph.order.filter(({ kind }) => kind === "node").flatMap((vertex) => graph.reads(vertex)),
  );
  const sound = new Set<Vertex>();
  const tryReader = async (vertex: Vertex): Promise<void> => {
    if (vertex.kind === "datasource" || read.has(vertex)) return;
    const folded = foldedInto(vertex, graph);
    if (![...folded].every(isSound)) return;
    // What is wrong is told below, where each node is looked at by itself.
    const described = await columnsOf(vertex.pipe, vertex.node, catalog, site).catch(() => null);
    if (described === null) return;
    columns.set(vertex.node, described);
    for (const each of folded) sound.add(each);
  };
  await Promise.all(graph.order.map(tryReader));
  return sound;
}

/** A node and all that its SELECT holds: the nodes it reads, and so on down to data sources. */
function foldedInto(vertex: Vertex, graph: Graph, found = new Set<Vertex>()): ReadonlySet<Vertex> {
  if (found.has(vertex)) return found;
  found.add(vertex);
  if (vertex.kind === "node") for (const each of graph.reads(vertex)) foldedInto(each, graph, found);
  return found;
}

async function describe(
  pipe: Pipe,
  node: PipeNode,
  catalog: Catalog,
  site: Site,
): Promise<readonly DescribedColumn[] | null> {
  let columns: readonly DescribedColumn[] | null = null;
  await site.attempt(
    pipe.path,
    (message) => lineNaming(node, message),
    async () => {
      columns = await columnsOf(pipe, node, catalog, site);
    },
  );
  return columns;
}

async function columnsOf(
  pipe: Pipe,
  node: PipeNode,
  catalog: Catalog,
  site: Site,
): Promise<readonly DescribedColumn[]> {
  const select = selectToCheck(pipe, node, catalog, site);
  return rowsOf<DescribedColumn>(await site.context.engine.describe(select));
}

/** A node's SELECT as a build sees it, without a request. */
export function selectToCheck(pipe: Pipe, node: PipeNode, catalog: Catalog, site: Site): string {
  const secrets = new Set(site.context.secrets.keys());
  return selectOfNode(pipe, node, { params: {}, check: true, secrets }, catalog);
}
