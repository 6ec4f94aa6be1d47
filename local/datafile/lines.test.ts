import { describe, expect, it } from "vitest";
import { readInstructions, splitWords } from "./lines.ts";

describe("splitWords", () => {
  it.each([
    ["cuts at blanks and tabs", "ENGINE\t MergeTree ", ["ENGINE", "MergeTree"]],
    ["finds no word in a blank line", " \t ", []],
    ["finds no word in a comment", "  # all of it", []],
    ["ends a bare word at a #", "topic#eu west", ["topic"]],
    ["keeps blanks and # inside quotes", `a "b # c" d`, ["a", `"b # c"`, "d"]],
    ["ends a word at its closing quote", `'a'b`, ["'a'", "b"]],
    ["takes a quote inside a word as text", "people's like", ["people's", "like"]],
    ["takes a line with an unclosed quote as one word", `NODE "a`, [`NODE "a`]],
  ])("%s", (_, line, words) => {
    expect(splitWords(line)).toEqual(words);
  });
});

describe("readInstructions", () => {
  const known = new Set(["SQL", "NODE", "TYPE"]);
  const names = (content: string) => readInstructions(content, known).map(({ name, line }) => [name, line]);
  const block = (content: string) => readInstructions(content, known)[0]?.block;

  it.each([
    [
      "upper-cases names and counts lines from 1",
      "node a\n\n# x\ntype b",
      [
        ["NODE", 1],
        ["TYPE", 4],
      ],
    ],
    [
      "ends a block at a known word at column zero",
      "SQL >\n  a\nTYPE b",
      [
        ["SQL", 1],
        ["TYPE", 3],
      ],
    ],
    ["keeps an indented known word in the block", "SQL >\n  a\n TYPE b", [["SQL", 1]]],
    ["keeps a longer word in the block", "SQL >\ntype,\ntypes", [["SQL", 1]]],
    [
      "ignores the indent outside a block",
      "  NODE a\n\tTYPE b",
      [
        ["NODE", 1],
        ["TYPE", 2],
      ],
    ],
    ["reads an unknown word outside a block as an instruction", "WHAT a", [["WHAT", 1]]],
  ])("%s", (_, content, expected) => {
    expect(names(content)).toEqual(expected);
  });

  it("keeps the lines of a block as they stand, with their numbers in the file", () => {
    expect(block("SQL > lost\n\n  a\n# dropped\nb  \n\n")).toEqual({
      text: "  a\nb  ",
      lines: [3, 5],
      endLine: 7,
    });
  });

  it.each(["\n", "\r\n", "\r"])("ends lines at %j", (end) => {
    expect(names(["SQL >", "  a", "TYPE b", ""].join(end))).toEqual([
      ["SQL", 1],
      ["TYPE", 3],
    ]);
  });
});
