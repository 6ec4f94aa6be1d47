import { describe, expect, it } from "vitest";
import { parameterList, serverSentence } from "./query.ts";

describe("parameterList", () => {
  it.each<[string[], [string, string][]]>([
    [["--limit", "5"], [["limit", "5"]]],
    [["--limit=5"], [["limit", "5"]]],
    [
      ["--since", "2025-01-01 00:00:00", "--limit", "5"],
      [
        ["since", "2025-01-01 00:00:00"],
        ["limit", "5"],
      ],
    ],
    [["--a=x=y"], [["a", "x=y"]]],
    [["--a="], [["a", ""]]],
    [["--min_engagement", "-5"], [["min_engagement", "-5"]]],
    [
      ["--tag", "a", "--tag", "b"],
      [
        ["tag", "a"],
        ["tag", "b"],
      ],
    ],
    [[], []],
  ])("reads %j", (words, parameters) => {
    expect(parameterList(words)).toEqual(parameters);
  });

  it.each([
    [["loose"], "got 'loose'"],
    [["--limit"], "--limit has no value"],
    [["-l", "5"], "got '-l'"],
  ])("refuses %j as wrong usage", (words, message) => {
    expect(() => parameterList(words)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
    );
  });
});

describe("serverSentence", () => {
  it.each([
    [
      "the server's own sentence",
      '{"error":"The pipe \'x\' does not exist","documentation":""}',
      "The pipe 'x' does not exist",
    ],
    ["status and text of anything else", "<html>", "The server answered with status 404: <html>"],
    ["the status of an empty body", "", "The server answered with status 404: no text"],
  ])("is %s", (_, body, sentence) => {
    expect(serverSentence(body, 404)).toBe(sentence);
  });
});
