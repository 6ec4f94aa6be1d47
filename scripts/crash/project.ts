import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const EVENTS = `SCHEMA >
    \`id\` String \`json:$.id\`,
    \`sender\` UInt8 \`json:$.sender\`,
    \`n\` Int64 \`json:$.n\`,
    \`at\` DateTime \`json:$.at\`

ENGINE "MergeTree"
ENGINE_PARTITION_KEY "toYYYYMM(at)"
ENGINE_SORTING_KEY "sender, at"
`;

const TOTALS = `SCHEMA >
    \`sender\` UInt8,
    \`rows\` SimpleAggregateFunction(sum, UInt64),
    \`total\` SimpleAggregateFunction(sum, Int64)

ENGINE "AggregatingMergeTree"
ENGINE_SORTING_KEY "sender"
`;

const TOTALS_VIEW = `NODE totals_by_sender
SQL >
    SELECT sender, count() AS rows, sum(n) AS total
    FROM events
    GROUP BY sender

TYPE materialized
DATASOURCE totals
`;

/** A project with one data source over three partitions and a view that sums it up. */
export function writeCrashProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "events.datasource"), EVENTS);
  writeFileSync(join(folder, "totals.datasource"), TOTALS);
  writeFileSync(join(folder, "totals_view.pipe"), TOTALS_VIEW);
}

/** The rows of one post: ids that are never made twice, in three partitions. */
export function crashRows(sender: number, post: number, count: number): { ids: string[]; body: string } {
  const ids = Array.from({ length: count }, (_, i) => `${sender}-${post}-${i}`);
  const rows = ids.map((id, i) => ({
    id,
    sender,
    n: i + 1,
    at: `2026-0${(post % 3) + 1}-10 12:00:${String(i % 60).padStart(2, "0")}`,
  }));
  return { ids, body: rows.map((row) => `${JSON.stringify(row)}\n`).join("") };
}
