import { expect, it } from "vitest";
import { freshnessOf } from "./freshness.ts";
import { moveOf, paceArrow, zStep } from "./move.ts";
import { pulseOf } from "./pulse.ts";

const minutes = (...counts: number[]) =>
  counts.map((interactions) => ({ minute: "", interactions, users: 0, engagement: 0 }));

it("the minute that still runs counts for no mean", () => {
  expect(pulseOf(minutes(9, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 900))).toMatchObject({ now: 2, before: 1 });
});

it("too few minutes have no mean", () => {
  expect(pulseOf(minutes(1, 1))).toEqual({ now: null, before: null, counts: [1] });
});

it.each([
  [0, "live"],
  [9.9, "live"],
  [10, "delayed"],
  [59, "delayed"],
  [60, "silent"],
  [null, "silent"],
])("a newest row of %s seconds is %s", (seconds, word) => expect(freshnessOf(seconds).word).toBe(word));

it.each([
  [1, 4, "▲3"],
  [2, 1, "▼1"],
  [3, 3, "–"],
  [1, null, "new"],
])("rank %s after %s is %s", (rank, previous_rank, text) => {
  expect(moveOf({ rank, previous_rank }).text).toBe(text);
});

it.each([
  [1.9, 0],
  [2, 1],
  [4, 2],
  [8, 3],
])("z %s is marked %s", (z, step) => expect(zStep(z)).toBe(step));

it.each([
  [2, "↗"],
  [0, "→"],
  [-2, "↘"],
])("acceleration %s points %s", (acceleration, glyph) => expect(paceArrow(acceleration).glyph).toBe(glyph));
