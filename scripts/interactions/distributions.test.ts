import { describe, expect, it } from "vitest";
import { cumulative, indexAt, longTailed, zipfWeights } from "./distributions.ts";

describe("indexAt", () => {
  const sums = cumulative([5, 3, 2]);

  it.each([
    [0, 0],
    [0.49, 0],
    [0.5, 1],
    [0.79, 1],
    [0.81, 2],
    [0.999_999, 2],
  ])("of the weights 5, 3, 2 a draw of %s takes %s", (draw, index) => {
    expect(indexAt(sums, draw)).toBe(index);
  });

  it("never takes what has no weight", () => {
    expect([0, 0.3, 0.6, 0.99].map((draw) => indexAt(cumulative([0, 1, 0, 1]), draw))).toEqual([1, 1, 3, 3]);
  });
});

it("halves the weight from the first to the second rank for exponent 1 and no shift", () => {
  expect(zipfWeights(4, 1, 0)).toEqual([1, 1 / 2, 1 / 3, 1 / 4]);
});

describe("longTailed", () => {
  it.each([
    [0, 0],
    [0.5, 10],
    [0.9, 90],
    [0.99, 990],
    [1 - 2 ** -40, 5_000],
  ])("a draw of %s with scale 10, shape 1 and at most 5,000 is %s", (draw, value) => {
    expect(longTailed(draw, 10, 1, 5_000)).toBeCloseTo(value, -0.5);
  });
});
