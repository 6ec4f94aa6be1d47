import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rowsOf } from "./engine.ts";
import { type IsolatedEngine, openIsolated } from "./isolated.ts";

const folder = mkdtempSync(join(tmpdir(), "tb-embedded-isolated-"));
let engine: IsolatedEngine;

beforeAll(async () => {
  engine = await openIsolated(join(folder, "clickhouse"));
  await engine.command("CREATE TABLE kept (id UInt8) ENGINE = MergeTree ORDER BY id");
  await engine.command("INSERT INTO kept VALUES (1)");
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

function kill(): void {
  process.kill(engine.pid ?? 0, "SIGKILL");
}

it("a statement in flight when the process is killed is refused with words", async () => {
  const inFlight = engine.query("SELECT count() FROM numbers(1000000000000) WHERE sin(number) > 2");
  const outcome = inFlight.catch((error: unknown) => error);
  kill();
  expect(await outcome).toMatchObject({ code: "ENGINE_DOWN", status: 503, retryAfter: 1 });
});

it("the next statement waits for the new process and finds the rows", async () => {
  kill();
  await engine.query("SELECT 1").catch(() => undefined);
  expect(rowsOf(await engine.query("SELECT id FROM kept"))).toEqual([{ id: 1 }]);
});

it("a second owner of the directory is refused", async () => {
  await expect(openIsolated(join(folder, "clickhouse"))).rejects.toMatchObject({ name: "EngineError" });
});

it("a closed engine takes no statement, and closing again is fine", async () => {
  const other = await openIsolated(join(folder, "other"));
  await Promise.all([other.close(), other.close()]);
  await expect(other.query("SELECT 1")).rejects.toMatchObject({ code: "ENGINE_DOWN" });
});
