import type { TableRecord } from "../catalog.ts";
import type { Datasource } from "../datafile/index.ts";
import { createQuarantine } from "../ingest/quarantine.ts";
import { problemIn } from "../plan/project.ts";
import { createTable, type Placement, qualified, quarantineOf } from "../plan/statements.ts";
import { newName, type Served } from "../served.ts";
import { moveRows } from "./rows.ts";
import type { Site } from "./site.ts";

/**
 * The table of a data source: the one that is served when its CREATE TABLE is the same, with its rows, else a new one.
 * @returns null when there can be none; the problem is told to the site.
 */
export async function placeTable(
  datasource: Datasource,
  current: Served,
  site: Site,
  viewTargets: ReadonlySet<string>,
): Promise<TableRecord | null> {
  const before = current.datasources[datasource.name];
  const served = current.project.datasources.get(datasource.name);
  if (before !== undefined && served !== undefined && sameTable(served, datasource)) {
    return touched(before, served.content !== datasource.content, site.context.now);
  }
  const table = newName("t");
  const isMade = await makeTables(datasource, table, site);
  if (!isMade) return null;
  if (before !== undefined && served !== undefined && site.context.rows !== "leave") {
    const { database } = site.context;
    const [from, to] = [before.table, table].map((name) => ({ database, table: name })) as [
      Placement,
      Placement,
    ];
    const isViewTarget = viewTargets.has(datasource.name);
    await moveRows({ before: served, after: datasource, from, to, isViewTarget }, site);
  }
  const stamp = site.context.now.toISOString();
  return { id: before?.id ?? table, table, createdAt: before?.createdAt ?? stamp, updatedAt: stamp };
}

async function makeTables(datasource: Datasource, table: string, site: Site): Promise<boolean> {
  const place = { database: site.context.database, table };
  const statement = createTable(place, datasource);
  if (!statement.ok) {
    site.problems.push(problemIn(datasource.path, statement.message, engineLine(datasource)));
    return false;
  }
  return site.attempt(
    datasource.path,
    (message) => faultyLine(datasource, message),
    async () => {
      await site.create(place, statement.sql);
      const quarantine = quarantineOf(place);
      await site.create(quarantine, createQuarantine(qualified(quarantine), datasource.columns));
    },
  );
}

/** The line with the first name that a refusal quotes and the file has, else that of the engine. */
function faultyLine(datasource: Datasource, message: string): number | null {
  const quoted = Array.from(message.matchAll(/[`'](\w+)[`']/g), ([, name = ""]) => name);
  const lines = quoted.map((name) => lineWith(datasource, new RegExp(`\\b${name}\\b`)));
  return lines.find((line) => line !== null) ?? engineLine(datasource);
}

/** The line of the first ENGINE instruction; null when there is none. */
function engineLine(datasource: Datasource): number | null {
  return lineWith(datasource, /^\s*ENGINE(?:_\w+)?\s/i);
}

function lineWith({ content }: Datasource, pattern: RegExp): number | null {
  const at = content.split(/\r\n|\r|\n/).findIndex((line) => pattern.test(line));
  return at === -1 ? null : at + 1;
}

function sameTable(a: Datasource, b: Datasource): boolean {
  const place = { database: "", table: "" };
  return JSON.stringify(createTable(place, a)) === JSON.stringify(createTable(place, b));
}

/** A record whose file has changed, or the record as it is. */
export function touched<Stamped extends { updatedAt: string }>(
  before: Stamped,
  changed: boolean,
  now: Date,
): Stamped {
  return changed ? { ...before, updatedAt: now.toISOString() } : before;
}
