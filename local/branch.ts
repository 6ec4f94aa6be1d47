import { type Engine, rowsOf } from "./engine/engine.ts";
import { literal } from "./engine/literal.ts";
import { fault } from "./errors.ts";
import type { JobCounts } from "./jobs.ts";
import { type Placement, qualified } from "./plan/statements.ts";
import { problemLine, type Workspace } from "./workspace.ts";

/** Which rows a branch starts with: none, those of the newest partition of each data source, or all. */
export type BranchData = "none" | "last_partition" | "all_partitions";

/** Gives a new branch the secrets, the project and the rows of its main workspace. */
export async function fillBranch(
  engine: Engine,
  main: Workspace,
  branch: Workspace,
  data: BranchData,
): Promise<JobCounts> {
  const { secrets, files } = main.record();
  for (const [name, { value }] of Object.entries(secrets)) branch.secrets.set(name, value);
  if (files.length > 0) {
    const answer = await branch.build(files);
    if (!answer.ok) throw fault("BUILD_FAILED", answer.problems.map(problemLine).join("\n"));
  }
  const counts = { rows: 0, quarantined: 0, bytes: 0 };
  if (data === "none") return counts;
  const tables = tablesOf(main, branch);
  await main.rows.quietly(Object.keys(main.record().datasources), async () => {
    for (const { from, to } of tables) {
      for (const { id, rows, bytes } of await partitionsOf(engine, from, data)) {
        // Shares the files of the partition; materialized views do not see it, and their targets bring their own.
        await engine.command(
          `ALTER TABLE ${qualified(to)} ATTACH PARTITION ID ${literal(id)} FROM ${qualified(from)}`,
        );
        counts.rows += rows;
        counts.bytes += bytes;
      }
    }
  });
  return counts;
}

/** The tables of each data source that both have. */
function tablesOf(main: Workspace, branch: Workspace): { from: Placement; to: Placement }[] {
  const targets = branch.record().datasources;
  return Object.entries(main.record().datasources).flatMap(([name, { table }]) => {
    const target = targets[name];
    if (target === undefined) return [];
    const from = { database: main.database, table };
    return [{ from, to: { database: branch.database, table: target.table } }];
  });
}

async function partitionsOf(
  engine: Engine,
  { database, table }: Placement,
  data: BranchData,
): Promise<readonly { id: string; rows: number; bytes: number }[]> {
  const result = await engine.query(`
SELECT partition_id AS id, sum(rows) AS rows, sum(bytes_on_disk) AS bytes
FROM system.parts
WHERE active AND database = ${literal(database)} AND table = ${literal(table)}
GROUP BY partition_id
ORDER BY any(partition) DESC`);
  const partitions = rowsOf<{ id: string; rows: number; bytes: number }>(result);
  return data === "last_partition" ? partitions.slice(0, 1) : partitions;
}
