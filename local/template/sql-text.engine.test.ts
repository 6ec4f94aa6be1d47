import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowsOf } from "../engine/engine.ts";
import { engineForTests } from "../engine.test-setup.ts";
import { checkSelect } from "../plan/guard/select.ts";
import { sqlOf } from "./template.test-setup.ts";

const engine = engineForTests();

/** Pieces of SQL and of its quoting, from which a value could break out. */
const HOSTILE =
  `' " \` \\ % _ -- /* */ # ; , ( ) [ ] { } $$ $t$ {{ }} {% %} {# \\' \\" \\\` \\\\ '' "" \`\` \\x27 \\u0027 \\0 \\N \\z
SELECT UNION FROM SETTINGS system.one \u2018 \u2019 \u201c \u201d \u02bc \uff07 \u0000 \u0008 \u001a \n \r \t \u2028 \ufeff \u00a0 é 語 😀
a b 1 . = OR file('/etc/passwd')`.split(/[ \n]/);

const hostile = fc.oneof(
  fc.array(fc.constantFrom(...HOSTILE, " ", "\n", "\r\n"), { maxLength: 8 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/**
 * What ClickHouse reads back. Tinybird writes `\\%` for % and `\\z` for 0x1A, which ClickHouse takes for two characters
 * each: harmless in LIKE, for which it is meant, and the one thing that does not come back as it was.
 */
function asRead(value: string): string {
  return value.replaceAll("%", "\\%").replaceAll("\u001a", "\\z");
}

/** The values of one row, by position. The gate must let the SELECT pass: a value is never a reason to refuse one. */
async function row(sql: string): Promise<unknown[]> {
  const checked = checkSelect(sql).sql;
  const [first] = rowsOf<unknown[]>(await engine.query(checked, { format: "JSONCompactEachRow" }));
  return first ?? [];
}

async function holds<Value>(
  values: fc.Arbitrary<Value>,
  check: (value: Value) => Promise<void>,
): Promise<void> {
  await fc.assert(fc.asyncProperty(values, check), { numRuns: Number(process.env.FUZZ_RUNS ?? 300) });
}

describe("a value that a template writes is the value that ClickHouse reads", () => {
  it("as a text", () =>
    holds(hostile, async (x) => {
      expect(await row(sqlOf("SELECT {{String(x)}}, {{x}}, 1", { x }))).toEqual([asRead(x), asRead(x), 1]);
    }));

  it("as a text in which % keeps its meaning", () =>
    holds(hostile, async (x) => {
      const [read] = await row(sqlOf("SELECT {{sql_unescape(String(x), '%')}}", { x }));
      expect(read).toBe(x.replaceAll("\u001a", "\\z"));
    }));

  it("as the elements of an array", () =>
    holds(
      fc.array(
        hostile.filter((x) => !/[,%`\u001a]/.test(x)),
        { minLength: 1, maxLength: 4 },
      ),
      async (xs) => {
        expect(await row(sqlOf("SELECT {{Array(x)}}, 1", { x: xs.join(",") }))).toEqual([xs, 1]);
      },
    ));

  it("as the elements of an array, even where Tinybird escapes twice", () =>
    holds(hostile, async (x) => {
      const [elements, behind] = await row(sqlOf("SELECT {{Array(x)}}, 1", { x }));
      expect(elements).toHaveLength(x.split(",").length);
      expect(behind).toBe(1);
    }));

  it("as the name of a column", () =>
    holds(
      hostile.filter((x) => x !== "" && !/[."%\u001a]/.test(x)),
      async (x) => {
        const sql = sqlOf("SELECT {{column(x)}} FROM (SELECT 7 AS {{symbol(x)}})", { x });
        expect(await row(sql)).toEqual([7]);
      },
    ));

  it("as a whole number", () =>
    holds(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), async (n) => {
      const sql = sqlOf(
        "SELECT toString({{Int64(n)}}), toString({{Array(xs, 'Int64')}}), {{Int128(n)}} = {{Int64(n)}}",
        {
          n: String(n),
          xs: `${n},${n}`,
        },
      );
      expect(await row(sql)).toEqual([String(n), `[${n},${n}]`, 1]);
    }));

  it("as a fraction", () =>
    holds(fc.double({ noNaN: true, noDefaultInfinity: true }), async (n) => {
      const text = Object.is(n, -0) ? "-0" : String(n);
      const [bits] = await row(sqlOf("SELECT toString(reinterpretAsUInt64({{Float64(n)}}))", { n: text }));
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, n);
      expect(bits).toBe(String(view.getBigUint64(0)));
    }));

  it("as a moment", () =>
    holds(fc.date({ min: new Date(0), max: new Date("2106-02-07"), noInvalidDate: true }), async (moment) => {
      const [date, clock] = moment.toISOString().slice(0, 19).split("T");
      const sql = sqlOf(
        "SELECT toString(toDate({{Date(d)}})), toString(toDateTime({{DateTime(t)}}, 'UTC'))",
        {
          d: date,
          t: `${date} ${clock}`,
        },
      );
      expect(await row(sql)).toEqual([date, `${date} ${clock}`]);
    }));

  it("and what is behind a moment stays text", () =>
    holds(hostile, async (x) => {
      const t = `2026-01-02 03:04:05${x}`;
      expect(await row(sqlOf("SELECT {{DateTime(t)}}, 1", { t }))).toEqual([asRead(t), 1]);
    }));
});
