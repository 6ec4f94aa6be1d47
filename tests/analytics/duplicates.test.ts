import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTarget, type Target } from "../target.ts";
import { answerText, send } from "./answers.ts";
import { CALLS } from "./calls.ts";
import { generate, resent } from "./generate.ts";
import { moment } from "./reference/zone.ts";

const FROM = moment("2025-03-27 12:00:00");
const AS_OF = moment("2025-03-31 00:17:29");
const rows = generate(7, 1_500, FROM, AS_OF + 1_800);

let target: Target;
const once = new Map<string, string>();

const key = (call: (typeof CALLS)[number]) => JSON.stringify(call);
const ask = ([pipe, params]: (typeof CALLS)[number]) =>
  answerText(target, pipe, { ...params, as_of: "2025-03-31 00:17:29" });

beforeAll(async () => {
  target = await startTarget({ fixtures: false });
  await send(target, rows);
  for (const call of CALLS) once.set(key(call), await ask(call));
  // Again, shuffled, with earlier and smaller counts of some ids, and cut into batches of other sizes.
  await send(target, resent(rows, 8), 97);
  await send(target, resent(rows, 9).slice(0, 700), 1_000);
});

afterAll(async () => {
  await target.close();
});

describe("sending everything again, shuffled and split, changes no byte", () => {
  it.each(CALLS)("of %s %j", async (...call) => {
    expect(await ask(call)).toBe(once.get(key(call)));
  });
});

it("is counted by data_quality", async () => {
  const before = { rows: 1_500, sentAgain: 700 };
  const [quality] = (await answerText(target, "data_quality", { as_of: "2025-04-02 00:00:00" })).split("\n");
  const { rows: all, distinct_ids, duplicate_rows } = JSON.parse(quality ?? "") as Record<string, number>;
  expect(distinct_ids).toBe(before.rows);
  expect(duplicate_rows).toBe((all ?? 0) - before.rows);
  expect(duplicate_rows).toBeGreaterThan(before.rows + before.sentAgain - 1);
});
