import { expect, it } from "vitest";
import { figureLine } from "./bench.ts";

it.each([
  ["a floor", { what: "plain", value: 1234.56, unit: "ms" }, /^plain {2,}1,234\.6 ms$/],
  [
    "a figure beside its floor",
    { what: "ours", value: 2, unit: "ms", ratio: { of: "plain", value: 0.5 }, aim: "at most 1" },
    /^ours {2,}2 ms {3}0\.50 × plain {3}\(aim: at most 1\)$/,
  ],
])("prints %s", (_, figure, line) => {
  expect(figureLine(figure)).toMatch(line);
});
