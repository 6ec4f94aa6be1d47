import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DatasourceLog } from "./datasource-log.ts";
import { openTestLog, RememberingEngine, TestDisk, temporaryFolder } from "./log.test-setup.ts";

let folder: string;
let engine: RememberingEngine;
let disk: TestDisk;
let log: DatasourceLog;

beforeEach(() => {
  folder = temporaryFolder();
  engine = new RememberingEngine((path) => readFileSync(path, "utf8"));
  disk = new TestDisk();
  log = openTestLog(engine, { folder, openFile: disk.open });
});

afterEach(async () => {
  engine.isAway = false;
  await log.stop();
  rmSync(folder, { recursive: true, force: true });
});

function rows(...numbers: number[]): Buffer {
  return Buffer.from(numbers.map((n) => `{"n":${n}}\n`).join(""));
}

/** A promise that a test settles. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe("a post", () => {
  it("is acknowledged when it is on the disk, before its table has it", async () => {
    await log.recover();
    const { opened, open } = gate();
    engine.before = () => opened;
    await log.append(rows(1), false);
    const [file] = readdirSync(folder);
    expect(readFileSync(join(folder, file ?? ""), "utf8")).toBe('{"n":1}\n');
    expect(engine.inserts).toEqual([]);
    open();
  });

  it("gets the line end that it lacks", async () => {
    await log.recover();
    await log.append(Buffer.from('{"n":1}'), false);
    await log.append(rows(2), false);
    await log.flush();
    expect(engine.inserts.map((insert) => insert.rows)).toEqual(['{"n":1}\n{"n":2}\n']);
  });

  it("shares its sync with all that came while the disk was busy", async () => {
    await log.recover();
    const { opened, open } = gate();
    disk.before = () => opened;
    const first = log.append(rows(0), false);
    while (disk.syncs === 0) await new Promise(setImmediate);
    const others = Array.from({ length: 50 }, (_, i) => log.append(rows(i + 1), false));
    open();
    await Promise.all([first, ...others]);
    expect(disk.syncs).toBe(2);
  });

  it("that waits is told its own counts, whoever shares its segment", async () => {
    await log.recover();
    const [one, two] = await Promise.all([log.append(rows(1), true), log.append(rows(2, 3), true)]);
    expect([await one.written, await two.written]).toEqual([
      { rows: 1, quarantined: 0 },
      { rows: 2, quarantined: 0 },
    ]);
  });

  it("that nobody waits for has no outcome to wait for", async () => {
    await log.recover();
    expect(await log.append(rows(1, 2), false)).toEqual({ rows: 2, written: null });
  });

  it("is refused when the disk is full, and leaves nothing behind", async () => {
    await log.recover();
    await log.append(rows(1), false);
    disk.failure = new Error("ENOSPC: no space left on device, write");
    await expect(log.append(rows(2), false)).rejects.toMatchObject({
      code: "DISK",
      message: expect.stringContaining("no space left"),
    });
    disk.failure = null;
    await log.append(rows(3), false);
    await log.flush();
    expect(engine.inserts.map((insert) => insert.rows).join("")).toBe('{"n":1}\n{"n":3}\n');
  });

  it("is acknowledged while the engine is away, and written once when it is back", async () => {
    await log.recover();
    engine.isAway = true;
    await log.append(rows(1), false);
    await log.append(rows(2), false);
    const flushed = log.flush();
    while (engine.attempts.length < 3) await new Promise(setImmediate);
    engine.isAway = false;
    await flushed;
    expect(engine.inserts.map((insert) => insert.rows)).toEqual(['{"n":1}\n{"n":2}\n']);
    expect(new Set(engine.attempts).size).toBe(1);
  });
});

describe("what an earlier process left", () => {
  it("is written at the start under its old name, oldest first", async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "b.ndjson"), rows(2));
    writeFileSync(join(folder, "a.ndjson"), rows(1));
    expect(await log.recover()).toBe(2);
    await log.flush();
    expect(engine.inserts).toEqual([
      { token: "a", rows: '{"n":1}\n' },
      { token: "b", rows: '{"n":2}\n' },
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("loses a last line without its end, which was never acknowledged", async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "a.ndjson"), rows(1));
    appendFileSync(join(folder, "a.ndjson"), '{"n":');
    await log.recover();
    await log.flush();
    expect(engine.inserts.map((insert) => insert.rows)).toEqual(['{"n":1}\n']);
  });

  it("is kept beside when its data source is gone", async () => {
    writeFileSync(join(folder, "a.ndjson"), rows(1));
    const warnings: string[] = [];
    const orphan = openTestLog(engine, { folder, target: () => null, warn: (line) => warnings.push(line) });
    await orphan.recover();
    await orphan.flush();
    expect(readdirSync(folder)).toEqual(["a.ndjson.aside"]);
    expect(warnings).toEqual([expect.stringContaining("a.ndjson.aside")]);
  });
});

describe("exclusive work", () => {
  it("has the table for itself, while posts go on being acknowledged", async () => {
    await log.recover();
    const { opened, open } = gate();
    const work = log.exclusively(() => opened);
    await log.append(rows(1), false);
    const flushed = log.flush();
    await new Promise(setImmediate);
    expect(engine.attempts).toEqual([]);
    open();
    await work;
    await flushed;
    expect(engine.inserts).toHaveLength(1);
  });

  it("that fails lets the others go on", async () => {
    await log.recover();
    await expect(log.exclusively(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await log.exclusively(async () => "yes")).toBe("yes");
    await log.append(rows(1), false);
    await log.flush();
    expect(engine.inserts).toHaveLength(1);
  });
});

it("a log that was stopped keeps what is not written for the next process", async () => {
  await log.recover();
  engine.isAway = true;
  await log.append(rows(1), false);
  await log.stop();
  const next = openTestLog(engine, { folder });
  engine.isAway = false;
  await next.recover();
  await next.flush();
  expect(engine.inserts.map((insert) => insert.rows)).toEqual(['{"n":1}\n']);
});
