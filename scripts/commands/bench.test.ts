import { expect, it } from "vitest";
import { figureLine, isOver } from "./bench.ts";

it.each([
  ["a floor", { what: "plain", value: 1234.56, unit: "ms" }, /^plain {2,}1,234\.6 ms$/],
  [
    "a figure beside its floor",
    { what: "ours", value: 2, unit: "ms", ratio: { of: "plain", value: 0.5 }, aim: "at most 1" },
    /^ours {2,}2 ms {3}0\.50 × plain {3}\(aim: at most 1\)$/,
  ],
  ["a budget that is kept", { what: "js", value: 3, unit: "kB", most: 4 }, /^js {2,}3 kB {3}\(at most 4\)$/],
  [
    "one that is not, of a ratio",
    { what: "time", value: 3, unit: "ms", ratio: { of: "floor", value: 5 }, most: 4 },
    /^time {2,}3 ms {3}5\.00 × floor {3}\(OVER the most of 4\)$/,
  ],
])("prints %s", (_, figure, line) => {
  expect(figureLine(figure)).toMatch(line);
});

it.each([
  [{ value: 4, most: 4 }, false],
  [{ value: 5, most: 4 }, true],
  [{ value: 5, most: 4, ratio: { of: "floor", value: 1 } }, false],
  [{ value: 5 }, false],
])("%j is over its budget: %s", (figure, over) => {
  expect(isOver({ what: "x", unit: "ms", ...figure })).toBe(over);
});
