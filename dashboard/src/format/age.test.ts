import { describe, expect, it } from "vitest";
import { age, duration } from "./age.ts";

describe("age", () => {
  it.each([
    [-3, "now"],
    [0.9, "now"],
    [1, "1 s"],
    [59.9, "59 s"],
    [60, "1 min"],
    [3599, "59 min"],
    [3600, "1 h"],
    [86_399, "23 h"],
    [86_400, "1 d"],
    [3 * 86_400, "3 d"],
  ])("%s seconds are %s", (seconds, text) => expect(age(seconds)).toBe(text));
});

describe("duration", () => {
  it.each([
    [2.5, "2.5 min"],
    [5, "5 min"],
    [60, "1 h"],
    [90, "90 min"],
    [1440, "1 d"],
  ])("%s minutes are %s", (minutes, text) => expect(duration(minutes)).toBe(text));
});
