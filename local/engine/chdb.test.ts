import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openChdb } from "./chdb.ts";
import { type Engine, EngineError, rowsOf } from "./engine.ts";

const folder = mkdtempSync(join(tmpdir(), "tb-embedded-engine-"));
let engine: Engine;

beforeAll(() => {
  engine = openChdb(join(folder, "clickhouse"));
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the engine", () => {
  it("keeps 64-bit integers as bare numbers", async () => {
    const result = await engine.query("SELECT toUInt64(18446744073709551615) AS n");
    expect(new TextDecoder().decode(result.bytes)).toBe('{"n":18446744073709551615}\n');
  });

  it("answers a query after a command that it depends on", async () => {
    await engine.command("CREATE TABLE seen (id UInt8) ENGINE = MergeTree ORDER BY id");
    await engine.command("INSERT INTO seen VALUES (1), (2)");
    expect(rowsOf(await engine.query("SELECT id FROM seen ORDER BY id"))).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it("refuses to write through a query", async () => {
    await expect(engine.query("CREATE TABLE sneaked (id UInt8) ENGINE = Memory")).rejects.toThrow(
      /readonly/i,
    );
  });

  it("gives ClickHouse's number with its refusal", async () => {
    const refusal = await engine.query("SELECT * FROM nowhere").catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(EngineError);
    expect(refusal).toMatchObject({ clickhouseCode: 60 });
  });

  it("stops a query at its time limit", async () => {
    const endless = engine.query("SELECT count() FROM numbers(1000000000000) WHERE sin(number) > 2", {
      settings: { max_execution_time: 0.2 },
    });
    await expect(endless).rejects.toMatchObject({ clickhouseCode: 159 });
  });

  it("reads with a setting that ends a statement with a comment", async () => {
    const result = await engine.query("SELECT toInt64(7) AS n -- seven", {
      settings: { output_format_json_quote_64bit_integers: 1 },
    });
    expect(rowsOf(result)).toEqual([{ n: "7" }]);
  });
});
