import { expect, it } from "vitest";
import { median, percentile } from "./bench.ts";

it.each([
  ["the median of an odd number", 0.5, [3, 1, 2], 2],
  ["the median of an even number, the lower one", 0.5, [4, 1, 2, 3], 2],
  ["the 99th percentile of few samples, the largest", 0.99, [5, 9, 7], 9],
  ["the smallest", 0, [5, 9, 7], 5],
])("%s", (_, share, samples, expected) => {
  expect(percentile(samples, share)).toBe(expected);
});

it("the median of nothing is no number", () => {
  expect(median([])).toBeNaN();
});
