import { expect, it } from "vitest";
import { describeError, Failure } from "./failure.ts";

const error = new Failure("Nothing answers", { cause: new Error("refused") });

it("is one sentence", () => {
  expect(describeError(error, false)).toBe("error: Nothing answers");
});

it("has stack and cause when asked for", () => {
  expect(describeError(error, true)).toMatch(
    /Nothing answers\n {4}at [\s\S]*caused by: error: Error: refused/,
  );
});
