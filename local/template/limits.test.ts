import { describe, expect, it } from "vitest";
import { MAX_BLOCK_DEPTH, MAX_EXPRESSION_HEIGHT } from "./limits.ts";
import { reasonOf, sqlOf } from "./template.test-setup.ts";

const NESTED = "{% if True %}";

describe("what a template may use is bounded", () => {
  it.each([
    ["a loop without end", "{% while True %}x{% end %}", {}],
    ["loops in loops", "{% for a in range(2000) %}{% for b in range(2000) %}{{b}}{% end %}{% end %}", {}],
    ["a very long range", "{% set x = list(range(100000000)) %}", {}],
    ["a text that doubles", "{% set x = 'ab' %}{% while True %}{% set x = x + x %}{% end %}", {}],
    ["a text that is repeated", "{% set x = 'ab' * 1000000000 %}", {}],
    ["a list that doubles", "{% set x = [1] %}{% while True %}{% set x = x + x %}{% end %}", {}],
    ["a power", "{% set x = 9 ** 999999 %}", {}],
    ["a number that grows", "{% set x = 9 %}{% while True %}{% set x = x * x %}{% end %}", {}],
    ["a list that holds itself", "{% set x = [] %}{% set x.append(x) %}{{x}}", {}],
    [
      "a loop that catches its own failures",
      "{% while True %}{% try %}{{error('x')}}{% except %}{% end %}{% end %}",
      {},
    ],
    [
      "replacing that grows",
      "{% set x = 'aaaa' %}{% while True %}{% set x = x.replace('a', 'aaaa') %}{% end %}",
      {},
    ],
    ["joining a very long range", "{% set x = ','.join([str(i) for i in range(10000000)]) %}", {}],
    [
      "a deep expression",
      `{{${"(".repeat(MAX_EXPRESSION_HEIGHT * 4)}1${")".repeat(MAX_EXPRESSION_HEIGHT * 4)}}}`,
      {},
    ],
    ["a deep list", `{{${"[".repeat(5_000)}${"]".repeat(5_000)}}}`, {}],
    ["deep blocks", NESTED.repeat(MAX_BLOCK_DEPTH + 1) + "{% end %}".repeat(MAX_BLOCK_DEPTH + 1), {}],
    ["deep JSON", "{{JSON(x)}}", { x: "[".repeat(100_000) + "]".repeat(100_000) }],
  ])("%s", (_, template, params) => {
    expect(reasonOf(template, params)).not.toBe("");
  });

  it.each([
    ["blocks", NESTED.repeat(MAX_BLOCK_DEPTH - 1) + "{% end %}".repeat(MAX_BLOCK_DEPTH - 1), {}],
    [
      "a long list of ids",
      "{{Array(x, 'Int32')}}",
      { x: Array.from({ length: 20_000 }, (_, i) => i).join(",") },
    ],
    ["a long text", "{{String(x)}}", { x: "a".repeat(1_000_000) }],
    ["a thousand columns", "{% for i in range(1000) %}{{column(x)}},{% end %}", { x: "c" }],
  ])("and enough for %s", (_, template, params) => {
    expect(() => sqlOf(template, params)).not.toThrow();
  });
});
