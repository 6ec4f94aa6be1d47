import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowsOf } from "../../engine/engine.ts";
import { literal } from "../../engine/literal.ts";
import { engineForTests } from "../../engine.test-setup.ts";
import { TinybirdError } from "../../errors.ts";
import { tokenizeSql } from "./tokens.ts";

const engine = engineForTests();

const PIECES = [
  ..."' \" ` \\ $ $$ $t$ -- // /* */ # #! \u2018 \u2019 \u201c \u201d x' b' \\' '' \"\" `` \n \t ( ) [ ] { } ; , . : ->".split(
    " ",
  ),
  ..."a B1 1 1.5 .5 0x1F 1e3 1_000 _ a$b $1 - + * / % = < > ! ||".split(" "),
  ..."'\\\\' '\\'' `\\`` 'é' '😀' \\n".split(" "),
  " ",
  "SELECT",
];

const texts = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 12 })
  .chain((pieces) => fc.constantFrom("", " ").map((glue) => pieces.join(glue)));

/** What hides text from a reader of statements: where one of these begins and ends is what the gate relies on. */
const HIDING = ["Comment", "StringLiteral", "QuotedIdentifier", "HereDoc"];

async function engineSpans(sql: string): Promise<{ text: string; isError: boolean }[]> {
  const bytes = new TextEncoder().encode(sql);
  const result = await engine.query(
    `SELECT arrayJoin(tokenizeQuery(${literal(sql)})) AS t, t.1 AS begin, t.2 AS end, t.3 AS type`,
  );
  return rowsOf<{ begin: number; end: number; type: string }>(result)
    .filter(({ type }) => HIDING.includes(type) || type.startsWith("Error"))
    .map(({ begin, end, type }) => ({
      text: new TextDecoder().decode(bytes.slice(begin, end)),
      isError: type.startsWith("Error"),
    }));
}

function ownSpans(sql: string): string[] | null {
  try {
    const hiding = tokenizeSql(sql).filter(({ kind }) => ["comment", "string", "quoted"].includes(kind));
    return hiding.map(({ text }) => text);
  } catch (error) {
    if (error instanceof TinybirdError) return null;
    throw error;
  }
}

describe("the tokens of a statement", () => {
  it("hide the same texts from us as from ClickHouse: strings, quoted names and comments", async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(texts, async (sql) => {
        const own = ownSpans(sql);
        const engines = await engineSpans(sql);
        // What either of us refuses never runs.
        if (own === null || engines.some(({ isError }) => isError)) return;
        compared += 1;
        expect(own).toEqual(engines.map(({ text }) => text));
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 1_500) },
    );
    expect(compared).toBeGreaterThan(100);
  });
});
