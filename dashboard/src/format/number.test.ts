import { describe, expect, it } from "vitest";
import { count, number, ratio, whole } from "./number.ts";

describe("count", () => {
  it.each([
    [0, "0"],
    [9999, "9,999"],
    [10_000, "10K"],
    [16_402, "16.4K"],
    [1_250_000, "1.3M"],
    [-12_345, "-12.3K"],
    [null, "–"],
    [undefined, "–"],
    [Number.NaN, "–"],
    [Number.POSITIVE_INFINITY, "–"],
  ])("writes %s as %s", (value, text) => expect(count(value)).toBe(text));
});

describe("whole", () => {
  it.each([
    [10_000, "10,000"],
    [1_234_567, "1,234,567"],
    [null, "–"],
    [Number.NaN, "–"],
  ])("writes %s as %s", (value, text) => expect(whole(value)).toBe(text));
});

describe("ratio", () => {
  it.each([
    [2.34, "2.3"],
    [1, "1.0"],
    [2, "2.0"],
    [0, "0.0"],
    [99.94, "99.9"],
    [99.96, "100"],
    [107.4, "107"],
    [16_400, "16.4K"],
    [null, "–"],
    [Number.NaN, "–"],
  ])("writes %s as %s", (value, text) => expect(ratio(value)).toBe(text));
});

describe("number", () => {
  it.each([
    [12_345, "12,345"],
    [12.34, "12.3"],
    [0, "0"],
    [null, "–"],
    [Number.NaN, "–"],
  ])("writes %s as %s", (value, text) => expect(number(value)).toBe(text));
});
