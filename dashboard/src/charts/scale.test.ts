import { describe, expect, it } from "vitest";
import { countAxis, linear, nearest } from "./scale.ts";
import { numberedStep, quantileStep, rootStep } from "./steps.ts";

describe("the axis of counts", () => {
  it.each([
    [[], [0, 1]],
    [
      [0, 0],
      [0, 1],
    ],
    [
      [3, 97],
      [0, 100],
    ],
    [
      [-5, 40],
      [-10, 40],
    ],
  ])("of %j goes over %j", (values, domain) => expect(countAxis(values).domain).toEqual(domain));

  it("has whole ticks only", () => {
    expect(countAxis([0, 2]).ticks).toEqual([0, 1, 2]);
  });
});

describe("places", () => {
  it.each([
    [0, 10],
    [5, 60],
    [10, 110],
  ])("%s lies at %s", (value, place) => expect(linear([0, 10], [10, 110])(value)).toBe(place));

  it.each([
    [-50, 0],
    [10, 0],
    [61, 5],
    [900, 10],
  ])("pixel %s is nearest to the bucket %s", (pixel, index) => {
    expect(nearest(pixel, 11, [10, 110])).toBe(index);
  });
});

describe("steps of the hue", () => {
  it("hold as many of the values each", () => {
    const step = quantileStep([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([1, 3, 5, 7, 10].map(step)).toEqual([0, 1, 2, 3, 4]);
  });

  it("go by the root of the share of the largest", () => {
    expect([0, 1, 4, 16, 36, 64, 100].map((n) => rootStep(n, 100))).toEqual([0, 0, 1, 2, 3, 4, 4]);
  });

  it("leave out the fourth under a number", () => {
    expect([36, 100].map((n) => numberedStep(n, 100))).toEqual([2, 4]);
  });
});
