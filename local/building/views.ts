import type { PipeRecord } from "../catalog.ts";
import type { Pipe, PipeNode } from "../datafile/index.ts";
import { rowsOf } from "../engine/engine.ts";
import { identifier } from "../engine/literal.ts";
import { problemIn } from "../plan/project.ts";
import { type Catalog, outputNode } from "../plan/select.ts";
import { createMaterializedView, type Placement, qualified } from "../plan/statements.ts";
import { compareColumns, type DescribedColumn } from "../plan/view-columns.ts";
import { newName, type Served } from "../served.ts";
import { type NodeColumns, selectToCheck } from "./nodes.ts";
import type { Site } from "./site.ts";
import { touched } from "./tables.ts";

/** The record of a pipe; a materialized one gets its view. */
export async function placePipe(
  pipe: Pipe,
  columns: NodeColumns,
  catalog: Catalog,
  current: Served,
  site: Site,
): Promise<PipeRecord> {
  const before = current.pipes[pipe.name];
  const served = current.project.pipes.get(pipe.name);
  const stamp = site.context.now.toISOString();
  const record: PipeRecord =
    before === undefined
      ? { id: newName("p"), createdAt: stamp, updatedAt: stamp }
      : touched(before, served?.content !== pipe.content, site.context.now);
  const node = outputNode(pipe);
  const target = site.tables[node.datasource ?? ""];
  const described = columns.get(node);
  if (node.type !== "materialized" || target === undefined || described === undefined) return record;
  const to = { database: site.context.database, table: target.table };
  if (!(await columnsMatch(pipe, node, described, to, site))) return record;
  const names = described.map(({ name }) => name);
  return { ...record, ...(await placeView(pipe, node, { to, names }, catalog, before, site)) };
}

/** @returns whether the view can be made; problems are told to the site. */
async function columnsMatch(
  pipe: Pipe,
  node: PipeNode,
  described: readonly DescribedColumn[],
  to: Placement,
  site: Site,
): Promise<boolean> {
  const target = rowsOf<DescribedColumn>(await site.context.engine.query(`DESCRIBE TABLE ${qualified(to)}`));
  const { errors, warnings } = compareColumns(described, target, node.datasource ?? "");
  site.problems.push(...errors.map((error) => problemIn(pipe.path, error, node.line)));
  site.warnings.push(...warnings.map((warning) => `${pipe.path}:${node.line}: ${warning}`));
  return errors.length === 0;
}

/** A view is made anew when its SELECT changes, and with it when a table that it reads or fills does. */
async function placeView(
  pipe: Pipe,
  node: PipeNode,
  { to, names }: { readonly to: Placement; readonly names: readonly string[] },
  catalog: Catalog,
  before: PipeRecord | undefined,
  site: Site,
): Promise<{ view?: string; viewSelect?: string }> {
  const select = selectToCheck(pipe, node, catalog, site);
  const viewSelect = `${qualified(to)} ${select}`;
  if (before?.view !== undefined && before.viewSelect === viewSelect)
    return { view: before.view, viewSelect };
  const view = { database: to.database, table: newName("v") };
  await site.attempt(pipe.path, node.line, async () => {
    await site.create(view, createMaterializedView(view, to, select));
    if (site.isNew(to.table) && !site.moved.has(to.table) && site.context.rows !== "check") {
      // By name, as the view itself fills it.
      const columns = names.map(identifier).join(", ");
      await site.context.engine.command(`INSERT INTO ${qualified(to)} (${columns})\n${select}`);
    }
  });
  return { view: view.table, viewSelect };
}
