import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTarget, type Target } from "../target.ts";
import { aligned, answer, send } from "./answers.ts";
import { CALLS, COMPUTATIONS } from "./calls.ts";
import { generate } from "./generate.ts";
import { counted } from "./reference/rows.ts";
import { moment } from "./reference/zone.ts";

/** The weekend on which clocks go forward in Europe; as_of stands in the evening after. */
const FROM = moment("2025-03-27 12:00:00");
const AS_OF = moment("2025-03-31 00:17:29");
const rows = generate(20_250_330, 4_000, FROM, AS_OF + 1_800);
const visible = counted(rows);

let target: Target;

beforeAll(async () => {
  target = await startTarget({ fixtures: false });
  await send(target, rows);
});

afterAll(async () => {
  await target.close();
});

describe("an endpoint answers what a computation without SQL does", () => {
  it.each(CALLS)("%s %j", async (pipe, params) => {
    const upToNow = visible.filter((row) => row.timestamp <= AS_OF);
    const expected = COMPUTATIONS[pipe]?.(upToNow, params, AS_OF) ?? [];
    const actual = await answer(target, pipe, { ...params, as_of: "2025-03-31 00:17:29" });
    expect(expected.length).toBeGreaterThan(0);
    expect(aligned(actual, expected)).toEqual(expected);
  });
});
