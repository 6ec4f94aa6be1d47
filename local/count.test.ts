import { describe, expect, it } from "vitest";
import { rowsAdded } from "./count.ts";

describe("the rows that a copy added", () => {
  it.each([
    { what: "rows came", before: 3, after: 8, added: 5 },
    { what: "nothing came", before: 3, after: 3, added: 0 },
    { what: "a merge replaced more rows than came", before: 8, after: 3, added: 0 },
  ])("are $added when $what", ({ before, after, added }) => {
    expect(rowsAdded(before, after)).toBe(added);
  });
});
