import { randomBytes } from "node:crypto";
import { countRows } from "./count.ts";
import type { Datasource } from "./datafile/index.ts";
import { type Engine, rowsOf } from "./engine/engine.ts";
import { literal } from "./engine/literal.ts";
import { fault } from "./errors.ts";
import type { IngestCounts } from "./ingest/ingest.ts";
import type { IngestTarget } from "./ingest/writer.ts";
import { createTable, dropTable, type Placement, qualified } from "./plan/statements.ts";

export interface Replacement {
  readonly datasource: Datasource;
  readonly place: Placement;
  readonly target: IngestTarget;
  /** SQL that names the rows to replace; null for all. New rows that it does not name are left out. */
  readonly condition: string | null;
}

/**
 * Loads rows into a table beside, then moves its partitions into the place of the served ones. A failure before that
 * has changed nothing.
 */
export async function replaceRows(
  engine: Engine,
  { datasource, place, target, condition }: Replacement,
  load: (target: IngestTarget) => Promise<IngestCounts>,
): Promise<IngestCounts> {
  const [loaded, merged] = [besides(place, "l"), besides(place, "m")];
  try {
    await create(engine, loaded, datasource);
    const counts = await load({ ...target, table: qualified(loaded) });
    if (condition === null) {
      await movePartitions(engine, loaded, place);
      return counts;
    }
    await create(engine, merged, datasource);
    await copyWhere(engine, loaded, merged, `(${condition}\n)`);
    await copyWhere(engine, place, merged, `NOT (${condition}\n)`);
    const rows = await countRows(engine, qualified(loaded), condition);
    await movePartitions(engine, merged, place);
    return { ...counts, rows };
  } finally {
    for (const each of [loaded, merged]) await engine.command(dropTable(each));
  }
}

function besides(place: Placement, letter: string): Placement {
  return { ...place, table: `${place.table}_${letter}${randomBytes(4).toString("hex")}` };
}

async function create(engine: Engine, place: Placement, datasource: Datasource): Promise<void> {
  const statement = createTable(place, datasource);
  if (!statement.ok) throw fault("INVALID_DATAFILE", statement.message);
  await engine.command(statement.sql);
}

/** Equal rows of several copies must not be taken for one insert that came twice: each has a token of its own. */
async function copyWhere(engine: Engine, from: Placement, to: Placement, condition: string): Promise<void> {
  const token = literal(`copy ${to.table} ${from.table}`);
  await engine.command(
    `INSERT INTO ${qualified(to)} SELECT * FROM ${qualified(from)} WHERE ${condition} SETTINGS insert_deduplication_token = ${token}`,
  );
}

/** Views see nothing of it. */
async function movePartitions(engine: Engine, from: Placement, to: Placement): Promise<void> {
  const arriving = await partitionsOf(engine, from);
  const leaving = (await partitionsOf(engine, to)).filter((id) => !arriving.includes(id));
  for (const id of arriving) {
    await engine.command(
      `ALTER TABLE ${qualified(to)} REPLACE PARTITION ID ${literal(id)} FROM ${qualified(from)}`,
    );
  }
  for (const id of leaving) {
    await engine.command(`ALTER TABLE ${qualified(to)} DROP PARTITION ID ${literal(id)}`);
  }
}

async function partitionsOf(engine: Engine, { database, table }: Placement): Promise<string[]> {
  const result = await engine.query(`
SELECT DISTINCT partition_id AS id
FROM system.parts
WHERE database = ${literal(database)} AND table = ${literal(table)} AND active`);
  return rowsOf<{ id: string }>(result).map(({ id }) => id);
}
