import type { Datasource } from "../datafile/index.ts";
import { rowsOf } from "../engine/engine.ts";
import { identifier, literal } from "../engine/literal.ts";
import { fault } from "../errors.ts";
import { type Forward, forwardOf } from "../plan/forward.ts";
import { problemIn } from "../plan/project.ts";
import { type Placement, qualified, quarantineOf } from "../plan/statements.ts";
import type { Site } from "./site.ts";

/** A data source in two versions: the one that is served, and the one to come. */
export interface Succession {
  readonly before: Datasource;
  readonly after: Datasource;
  readonly from: Placement;
  readonly to: Placement;
  /** A view of the project fills it, and can fill it again. */
  readonly isViewTarget: boolean;
}

/** Moves the rows of a data source to its new table, or tells the site what the author has to say first. */
export async function moveRows(succession: Succession, site: Site): Promise<void> {
  const { after } = succession;
  await site.attempt(after.path, null, async () => {
    const forward = forwardOf(succession.before, after);
    if (forward.kind === "missing" && !succession.isViewTarget) refuse(after, forward, site);
    if (forward.kind === "query" || forward.kind === "select") await move(succession, forward, site);
  });
}

function refuse(after: Datasource, forward: Forward & { kind: "missing" }, site: Site): void {
  const error = fault("FORWARD_QUERY", after.name, forward.why, forward.suggestion);
  site.problems.push(problemIn(after.path, error.message));
}

async function move(
  { after, from, to }: Succession,
  forward: Forward & { kind: "query" | "select" },
  site: Site,
): Promise<void> {
  const select = `SELECT ${forward.list}\nFROM ${qualified(from)}`;
  const names = forward.kind === "select" ? forward.columns : await columnsOf(`(${select}\n)`, site);
  if (site.context.rows === "move") {
    await insert(to, names, select, site);
    await moveQuarantine(quarantineOf(from), quarantineOf(to), site);
  }
  site.moved.set(to.table, { datasource: after.name, byQuery: forward.kind === "query" });
}

/** Old quarantined rows keep the columns that there still are: all of them are texts. */
async function moveQuarantine(from: Placement, to: Placement, site: Site): Promise<void> {
  const [old, next] = [
    await columnsOf(`TABLE ${qualified(from)}`, site),
    await columnsOf(`TABLE ${qualified(to)}`, site),
  ];
  const names = old.filter((name) => next.includes(name));
  await insert(to, names, `SELECT ${names.map(identifier).join(", ")} FROM ${qualified(from)}`, site);
}

async function insert(to: Placement, names: readonly string[], select: string, site: Site): Promise<void> {
  await site.context.engine.command(
    `INSERT INTO ${qualified(to)} (${names.map(identifier).join(", ")})\n${select}\nSETTINGS insert_deduplication_token = ${literal(`move ${to.table}`)}`,
  );
}

async function columnsOf(described: string, site: Site): Promise<string[]> {
  const result = await site.context.engine.query(`DESCRIBE ${described}`);
  return rowsOf<{ name: string }>(result).map(({ name }) => name);
}
