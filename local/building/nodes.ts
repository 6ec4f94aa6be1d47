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
 * Has ClickHouse describe every node, so that a wrong column is a build error and not the first caller's 400. What
 * reads something broken is passed over: the problem is told once, where it is.
 * @param isSound whether a vertex has no problem of its own so far
 */
export async function describeNodes(
  graph: Graph,
  catalog: Catalog,
  site: Site,
  isSound: (vertex: Vertex) => boolean,
): Promise<NodeColumns> {
  const columns = new Map<PipeNode, readonly DescribedColumn[]>();
  const sound = new Map<Vertex, Promise<boolean>>();
  const check = async (vertex: Vertex): Promise<boolean> => {
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
      const select = selectToCheck(pipe, node, catalog, site);
      columns = rowsOf<DescribedColumn>(await site.context.engine.query(`DESCRIBE (${select}\n)`));
    },
  );
  return columns;
}

/** A node's SELECT as a build sees it, without a request. */
export function selectToCheck(pipe: Pipe, node: PipeNode, catalog: Catalog, site: Site): string {
  const secrets = new Set(site.context.secrets.keys());
  return selectOfNode(pipe, node, { params: {}, check: true, secrets }, catalog);
}
