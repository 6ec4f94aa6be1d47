import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openChdb } from "./chdb.ts";
import { type Engine, EngineError, rowsOf } from "./engine.ts";
import { openIsolated } from "./isolated.ts";

/** Reads for as long as it is let. */
const ENDLESS = "SELECT count() FROM numbers(1000000000000) WHERE sin(number) > 2";

const subjects: [string, (path: string) => Engine | Promise<Engine>][] = [
  ["in a process of its own", openIsolated],
  ["in this process", openChdb],
];

describe.each(subjects)("the engine %s", (_, open) => {
  const folder = mkdtempSync(join(tmpdir(), "tb-embedded-engine-"));
  let engine: Engine;

  beforeAll(async () => {
    engine = await open(join(folder, "clickhouse"));
  });

  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("keeps 64-bit integers as bare numbers", async () => {
    const result = await engine.query("SELECT toUInt64(18446744073709551615) AS n");
    expect(new TextDecoder().decode(result.bytes)).toBe('{"n":18446744073709551615}\n');
  });

  it("answers a query after a command that it depends on", async () => {
    await engine.command("CREATE TABLE seen (id UInt8) ENGINE = MergeTree ORDER BY id");
    await engine.command("INSERT INTO seen VALUES (1), (2)");
    expect(rowsOf(await engine.query("SELECT id FROM seen ORDER BY id"))).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it("describes a SELECT without running its scalar subqueries", async () => {
    const described = await engine.describe(`SELECT (${ENDLESS}) AS n, 'x' AS text FROM numbers(3)`);
    expect(rowsOf(described)).toMatchObject([
      { name: "n", type: "Nullable(UInt64)" },
      { name: "text", type: "String" },
    ]);
  });

  it("describes columns that no table can have", async () => {
    expect(rowsOf(await engine.describe("SELECT NULL AS nothing"))).toMatchObject([
      { name: "nothing", type: "Nullable(Nothing)" },
    ]);
  });

  it("says what is wrong with a SELECT that it cannot describe", async () => {
    await expect(engine.describe("SELECT missing FROM numbers(1)")).rejects.toThrow(/Unknown expression/);
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
    const endless = engine.query(ENDLESS, { settings: { max_execution_time: 0.2 } });
    await expect(endless).rejects.toMatchObject({ clickhouseCode: 159 });
  });

  it("stops a query at its memory limit", async () => {
    const greedy = engine.query("SELECT groupArray(number) FROM numbers(100000000)", {
      settings: { max_memory_usage: 10_000_000 },
    });
    await expect(greedy).rejects.toMatchObject({ clickhouseCode: 241 });
  });

  it("stops a query whose reader has gone", async () => {
    const gone = new AbortController();
    const endless = engine.query(ENDLESS, { signal: gone.signal });
    await running(engine, "sin(number) > 2");
    gone.abort();
    await expect(endless).rejects.toMatchObject({ code: "QUERY_CANCELLED" });
  });

  it("does not begin a query whose reader has gone before", async () => {
    await expect(engine.query("SELECT 1", { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "QUERY_CANCELLED",
    });
  });

  it("answers while another query runs", async () => {
    const gone = new AbortController();
    const endless = engine.query(ENDLESS, { signal: gone.signal }).catch(() => "ended");
    expect(rowsOf(await engine.query("SELECT 1 AS one"))).toEqual([{ one: 1 }]);
    gone.abort();
    expect(await endless).toBe("ended");
  });

  it("reads with a setting that ends a statement with a comment", async () => {
    const result = await engine.query("SELECT toInt64(7) AS n -- seven", {
      settings: { output_format_json_quote_64bit_integers: 1 },
    });
    expect(rowsOf(result)).toEqual([{ n: "7" }]);
  });
});

/** Waits until a statement with this text runs. */
async function running(engine: Engine, text: string): Promise<void> {
  const sql = `SELECT count() AS n FROM system.processes WHERE query LIKE '%${text}%' AND query NOT LIKE '%system.processes%'`;
  for (let n = 0; n === 0; ) n = rowsOf<{ n: number }>(await engine.query(sql))[0]?.n ?? 0;
}
