import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const DATAFILE = join(import.meta.dirname, "../../../datasources/social_interactions.datasource");

const ENDPOINT = `NODE per_platform
SQL >
    SELECT platform, interaction_type, count() AS interactions, avg(engagement_count) AS engagement
    FROM social_interactions
    WHERE timestamp >= '2026-11-20 00:00:00' AND timestamp < '2026-11-21 00:00:00'
    GROUP BY platform, interaction_type
    ORDER BY platform, interaction_type

TYPE endpoint
`;

/**
 * The project's landing table and one small endpoint. Without its views: what those cost is measured by `query`, and the
 * plain insert beside has none.
 */
export function writeBenchProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  copyFileSync(DATAFILE, join(folder, basename(DATAFILE)));
  writeFileSync(join(folder, "small_endpoint.pipe"), ENDPOINT);
}
