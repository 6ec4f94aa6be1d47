import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openChdb } from "./engine/chdb.ts";
import { type Engine, rowsOf } from "./engine/engine.ts";

/** An engine in a folder of its own for one test file; both are gone when the file has run. */
export function engineForTests(): Engine {
  const folder = mkdtempSync(join(tmpdir(), "tb-embedded-test-"));
  const engine = openChdb(join(folder, "clickhouse"));
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return engine;
}

/** The first column of a result. */
export async function columnOf(engine: Engine, sql: string): Promise<unknown[]> {
  return rowsOf<Record<string, unknown>>(await engine.query(sql)).map((row) => Object.values(row)[0]);
}
