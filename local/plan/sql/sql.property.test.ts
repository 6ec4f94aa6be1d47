import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TinybirdError } from "../../errors.ts";
import { checkSelect } from "../guard/select.ts";
import { readTables, replaceTables } from "../tables.ts";
import { tokenizeSql } from "./tokens.ts";

const RUNS = Number(process.env.FUZZ_RUNS ?? 3_000);

const PIECES =
  `SELECT FROM WHERE WITH AS IN ( ) [ ] { } , . ; * ' " \` -- /* */ // # $ $$ $t$ \\ x' b' \u2018 \u2019 \u201c \u201d JOIN ON
UNION ALL EXCEPT SETTINGS FORMAT JSON a b posts db.posts joinGet( view( numbers( x -> 1 1.5 .5 0x 1e {p:UInt8} é 😀 \u0000 :: = '' \\'`
    .split(/[ \n]/)
    .concat([" ", "\n"]);

const texts = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join(" ")),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary" }),
);

/** The value of some work, or null when it refuses the text in words; any other failure goes on. */
function told<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof TinybirdError) return null;
    throw error;
  }
}

describe("any text at all", () => {
  it("is cut into tokens that are all of it, in order, with only blank space between", () => {
    fc.assert(
      fc.property(texts, (sql) => {
        const tokens = told(() => tokenizeSql(sql));
        let end = 0;
        for (const token of tokens ?? []) {
          expect(sql.slice(token.start, token.end)).toBe(token.text);
          expect(sql.slice(end, token.start)).toMatch(/^[\s\u180e\u200b-\u200d\u2060]*$/);
          end = token.end;
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("names tables where it says that they stand, and is itself when none is replaced", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const sql = `SELECT ${text}`;
        for (const reference of told(() => readTables(sql)) ?? []) {
          expect(reference.end).toBeGreaterThan(reference.start);
          expect(reference.end).toBeLessThanOrEqual(sql.length);
        }
        expect(told(() => replaceTables(sql, () => null)) ?? sql).toBe(sql);
      }),
      { numRuns: RUNS },
    );
  });

  it("passes the gate the same way twice", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = told(() => checkSelect(`SELECT ${text}`));
        if (once !== null) expect(told(() => checkSelect(once.sql))?.sql).toBe(once.sql);
      }),
      { numRuns: RUNS },
    );
  });
});

describe("a very long text", () => {
  it.each([
    ["brackets", "(".repeat(100_000)],
    ["brackets in brackets", `${"(".repeat(200)}1${")".repeat(200)}`],
    ["queries in queries", `${"(SELECT * FROM ".repeat(100)}a${")".repeat(100)}`],
    ["commas", "1,".repeat(100_000)],
    ["quotes", "'a'".repeat(50_000)],
    ["open comments", "/*".repeat(50_000)],
    ["dollars", "$a".repeat(50_000)],
    ["heredoc tags", "$a$ ".repeat(20_001)],
    ["aliases", "1 AS a, ".repeat(10_000)],
    ["named queries", Array.from({ length: 2_000 }, (_, i) => `WITH q${i} AS (SELECT 1)`).join(" ")],
    ["sources", "FROM a, ".repeat(10_000)],
    ["lambdas", "x -> ".repeat(10_000)],
    ["IN", "a IN b AND ".repeat(10_000)],
    ["joins", "FROM a JOIN b ON 1 ".repeat(5_000)],
    ["unions", "1 UNION ALL SELECT ".repeat(5_000)],
    ["parameters", "{a:".repeat(30_000)],
  ])("of %s is read in a time that grows with it", (_, text) => {
    const start = performance.now();
    told(() => checkSelect(`SELECT ${text}`));
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
