import { describe, expect, it } from "vitest";
import { nextPoll, nextTry } from "./pace.ts";

describe("the wait behind an answer", () => {
  it.each([
    [15_000, 0, 13_500],
    [15_000, 0.5, 15_000],
    [15_000, 1, 16_500],
  ])("of %s ms with chance %s is %s ms", (every, random, wait) => {
    expect(nextPoll(every, random)).toBeCloseTo(wait);
  });
});

describe("the wait behind a failure", () => {
  it.each([
    [1, 15_000, 5000],
    [2, 15_000, 10_000],
    [4, 15_000, 40_000],
    [5, 15_000, 60_000],
    [50, 15_000, 60_000],
    [1, 2000, 2000],
  ])("number %s of a card asked every %s ms is %s ms in the middle", (failures, every, wait) => {
    expect(nextTry(failures, every, 0, 0.5)).toBeCloseTo(wait);
  });

  it("spreads by a fifth to both sides", () => {
    expect(nextTry(1, 15_000, 0, 0)).toBeCloseTo(4000);
    expect(nextTry(1, 15_000, 0, 1)).toBeCloseTo(6000);
  });

  it("is never shorter than the server wants", () => {
    expect(nextTry(1, 15_000, 30_000, 0.5)).toBe(30_000);
  });
});
