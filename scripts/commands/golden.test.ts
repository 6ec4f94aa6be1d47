import { expect, it } from "vitest";
import { report } from "./golden.ts";

it.each([
  ["all pass", { passed: 3, failed: [] }, 0, ["3 passed, 0 failed"]],
  [
    "one fails",
    { passed: 2, failed: [{ id: "x1", reason: "expected a, got b" }] },
    1,
    ["x1: expected a, got b", "2 passed, 1 failed"],
  ],
  ["there are no cases", { passed: 0, failed: [] }, 1, ["0 passed, 0 failed"]],
])("reports when %s", (_, result, code, lines) => {
  const written: string[] = [];
  expect(report(result, (line) => written.push(line))).toBe(code);
  expect(written).toEqual(lines);
});
