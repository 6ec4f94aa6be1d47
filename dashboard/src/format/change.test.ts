import { describe, expect, it } from "vitest";
import { changeOf } from "./change.ts";

describe("changeOf", () => {
  it.each([
    [127, 100, "up", "▲ 27 %"],
    [73, 100, "down", "▼ 27 %"],
    [0, 100, "down", "▼ 100 %"],
    [100.4, 100, "flat", "±0 %"],
    [99.6, 100, "flat", "±0 %"],
    [0, 0, "flat", "±0 %"],
    [999, 100, "up", "▲ 899 %"],
    [1000, 100, "up", "×10"],
    [1200, 100, "up", "×12"],
    [5, 0, "new", "new"],
    [-5, 0, "new", "new"],
    [-50, -100, "up", "▲ 50 %"],
    [5, null, "unknown", "no earlier data"],
    [5, undefined, "unknown", "no earlier data"],
    [Number.NaN, 3, "unknown", "no earlier data"],
  ])("%s after %s is %s: %s", (now, before, kind, text) => {
    expect(changeOf(now, before)).toMatchObject({ kind, text });
  });

  it.each([
    [127, 100, "up 27 percent"],
    [73, 100, "down 27 percent"],
    [1200, 100, "12 times as much"],
    [5, 0, "none before"],
  ])("%s after %s is spoken: %s", (now, before, words) => {
    expect(changeOf(now, before).words).toBe(words);
  });
});
