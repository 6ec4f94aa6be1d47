import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { fault } from "./errors.ts";
import type { Workspace } from "./workspace.ts";

/** The files of a project's `fixtures/` that are rows, by the data source that they are for. */
const FORMATS: Readonly<Record<string, "ndjson" | "csv">> = { ".ndjson": "ndjson", ".csv": "csv" };

/**
 * Loads a project's fixtures, as `tb build` does: `fixtures/NAME.ndjson`, else `.csv`, for each data source that has one.
 * @throws TinybirdError FIXTURE when rows do not fit, because a test on half its rows would lie
 */
export async function loadFixtures(workspace: Workspace, project: string): Promise<void> {
  const folder = join(project, "fixtures");
  const files = await readdir(folder).catch((): string[] => []);
  for (const [name, file] of byDatasource(files)) {
    if (workspace.resources.datasourceName(name) === null) continue;
    const body = createReadStream(join(folder, file));
    const format = FORMATS[extname(file)] ?? "ndjson";
    const job = await workspace.rows.append(name, { format, body, size: null }).ended;
    if (job.error !== null || job.quarantined > 0) {
      throw fault("FIXTURE", join("fixtures", file), job.error ?? `${job.quarantined} rows do not fit`);
    }
  }
}

/** NDJSON goes before CSV. */
function byDatasource(files: readonly string[]): ReadonlyMap<string, string> {
  const rows = files.filter((file) => FORMATS[extname(file)] !== undefined).sort();
  return new Map(rows.map((file) => [file.slice(0, -extname(file).length), file]));
}
