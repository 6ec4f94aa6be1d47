import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { callLines, exampleCalls } from "./calls.ts";
import { curlLine } from "./curl.ts";

/** The words that curl would get when a shell reads the line. */
function wordsOf(line: string): string[] {
  const print = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }`;
  return execFileSync("sh", ["-c", `${print}\n${line}`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1);
}

it("survives the shell: quotes, dollars and line ends arrive as they are", () => {
  const body = `it's "$HOME" \`id\` \\ \n!`;
  const words = wordsOf(curlLine({ url: "http://127.0.0.1:1/?a=1&b=2", token: "p.x", body }));
  expect(words).toEqual([
    "-sS",
    "http://127.0.0.1:1/?a=1&b=2",
    "-H",
    "Authorization: Bearer p.x",
    "-d",
    body,
  ]);
});

it("sends a body only when there is one", () => {
  expect(curlLine({ url: "http://127.0.0.1:1/", token: "t" })).not.toContain("-d");
});

it("gives each example its own role's token", () => {
  const lines = callLines(
    exampleCalls("http://127.0.0.1:1", { tracker: "TRACK", dashboard: "READ" }, new Date(0)),
  );
  const curls = lines.split("\n").filter((line) => line.startsWith("curl"));
  expect(curls.map((line) => /Bearer (\w+)/.exec(line)?.[1])).toEqual(["TRACK", "READ", "READ", "READ"]);
});
