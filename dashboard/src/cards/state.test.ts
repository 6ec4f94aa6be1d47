import { describe, expect, it } from "vitest";
import { Fault } from "../asking/fault.ts";
import { emptyWords, stateOf } from "./state.ts";

const fault = new Fault("failed", "no");
const isEmpty = (rows: readonly number[]) => rows.length === 0;

describe("the state of a card", () => {
  it.each([
    [null, null, "loading"],
    [null, fault, "error"],
    [[], null, "empty"],
    [[], fault, "stale"],
    [[1], null, "ready"],
    [[1], fault, "stale"],
  ])("with rows %j and fault %s is %s", (rows, fault, state) => {
    expect(stateOf({ rows, fault }, isEmpty)).toBe(state);
  });

  it("without content says what to do about it", () => {
    expect(emptyWords(true)).toMatch(/Remove a filter/);
    expect(emptyWords(false)).toMatch(/npm start/);
  });
});
