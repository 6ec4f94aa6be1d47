import { randomUUID } from "node:crypto";
import { type Engine, rowsOf } from "./engine/engine.ts";
import { identifier, literal } from "./engine/literal.ts";
import { type Placement, qualified } from "./plan/statements.ts";
import type { Served } from "./served.ts";

/** A materialized view: its SELECT, and the table that it fills. */
interface View {
  readonly target: string;
  readonly select: string;
}

/**
 * Fills the targets of the views that read a data source anew, because a replacement is nothing that a view sees.
 * A target that other views fill too gets the rows of all of them.
 */
export async function refillViews(
  engine: Engine,
  served: Served,
  { database, datasource }: { database: string; datasource: string },
): Promise<void> {
  const source = placed(served, database, datasource);
  const views = viewsOf(served, database);
  const stale = new Set(views.filter((view) => view.select.includes(source)).map((view) => view.target));
  for (const target of stale) {
    await engine.command(`TRUNCATE TABLE ${target}`);
    for (const { select } of views.filter((view) => view.target === target)) {
      const described = await engine.describe(select);
      const columns = rowsOf<{ name: string }>(described).map(({ name }) => identifier(name));
      const token = literal(randomUUID());
      await engine.command(
        `INSERT INTO ${target} (${columns.join(", ")})\n${select}\nSETTINGS insert_deduplication_token = ${token}`,
      );
    }
  }
}

function viewsOf(served: Served, database: string): View[] {
  return [...served.project.pipes.values()].flatMap((pipe) => {
    const node = pipe.nodes.find((each) => each.type === "materialized");
    const { viewSelect } = served.pipes[pipe.name] ?? {};
    if (node?.datasource == null || viewSelect === undefined) return [];
    const target = placed(served, database, node.datasource);
    return [{ target, select: viewSelect.slice(target.length + 1) }];
  });
}

function placed(served: Served, database: string, datasource: string): string {
  const place: Placement = { database, table: served.datasources[datasource]?.table ?? "" };
  return qualified(place);
}
