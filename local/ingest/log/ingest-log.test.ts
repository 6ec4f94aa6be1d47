import { readFileSync, rmSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { IngestLog } from "./ingest-log.ts";
import { RememberingEngine, temporaryFolder, testColumns } from "./log.test-setup.ts";

let folder: string;
let engine: RememberingEngine;

beforeEach(() => {
  folder = temporaryFolder();
  engine = new RememberingEngine((path) => readFileSync(path, "utf8"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const key = { workspace: "w", datasource: "d" };
const target = () => ({ engine, columns: testColumns(), table: "t", quarantine: "q" });

it.each([
  ["the disk", { disk: 10 }],
  ["memory", { memory: 10 }],
])("refuses a body that has no room on %s, with the time to come back", (_, limits) => {
  const log = new IngestLog({ folder, limits });
  expect(() => log.reserve(11)).toThrow(
    expect.objectContaining({ code: "OVERLOADED", status: 503, retryAfter: 1 }),
  );
  expect(() => log.reserve(10)).not.toThrow();
});

it("holds the room of bodies that are being read, until they are", () => {
  const log = new IngestLog({ folder, limits: { memory: 10 } });
  const release = log.reserve(6);
  expect(() => log.reserve(6)).toThrow(expect.objectContaining({ code: "OVERLOADED" }));
  release();
  expect(() => log.reserve(6)).not.toThrow();
});

it("counts what waits, and nothing once it is written", async () => {
  const log = new IngestLog({ folder });
  engine.isAway = true;
  const rows = Buffer.from('{"n":1}\n');
  await (await log.of(key, target)).append(rows, false);
  expect(log.waiting).toEqual({ memory: 0, disk: rows.length });
  engine.isAway = false;
  await log.flush();
  expect(log.waiting).toEqual({ memory: 0, disk: 0 });
  await log.stop();
});

it("gives one log for one data source, and tells which have one", async () => {
  const log = new IngestLog({ folder });
  expect(await log.of(key, target)).toBe(await log.of(key, target));
  expect(log.datasourcesOf("w")).toEqual(["d"]);
  await log.remove("w");
  expect(log.datasourcesOf("w")).toEqual([]);
});
