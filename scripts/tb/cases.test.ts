import { expect, it } from "vitest";
import { CASES, type Case, problemsOf } from "./cases.ts";
import { SDK_COMMANDS } from "./sdk-commands.ts";

const expected: Case = { title: "builds", args: ["build"], exitCode: 0, texts: ["done"], absent: ["rror"] };

it.each([
  ["all is as expected", { code: 0, output: "done" }, []],
  ["the exit code is another", { code: 1, output: "done" }, ["exit code 1, expected 0"]],
  ["a text is missing", { code: 0, output: "" }, ['the output lacks "done"']],
  ["a text is there that must not be", { code: 0, output: "Error, done" }, ['the output has "rror"']],
])("when %s", (_, result, problems) => {
  expect(problemsOf(expected, result)).toEqual(problems);
});

it("no case passes with an empty output", () => {
  const silent = [...CASES, ...SDK_COMMANDS].filter(
    (one) => problemsOf(one, { code: one.exitCode, output: "" }).length === 0,
  );
  expect(silent).toEqual([]);
});
