import { describe, expect, it } from "vitest";
import { renderRows, renderTable } from "./table.ts";

const columns = [
  { name: "platform", type: "String" },
  { name: "n", type: "UInt64" },
];

describe("renderTable", () => {
  it("puts numbers to the right and texts to the left, without colours", () => {
    const rows = [
      { platform: "twitter", n: 7 },
      { platform: "x", n: 1_000 },
    ];
    expect(renderTable(columns, rows).split("\n").slice(3, 5)).toEqual([
      "│ twitter  │    7 │",
      "│ x        │ 1000 │",
    ]);
  });

  it.each<[string, unknown, string]>([
    ["a list", ["a", "b"], "a, b"],
    ["null", null, " "],
    ["a fraction, to three digits", 1 / 3, "0.333"],
    ["an object", { a: 1 }, '{"a":1}'],
    ["a long text, cut", "x".repeat(100), `${"x".repeat(43)}…`],
    ["an escape sequence, which must not reach the terminal", "\u001b[31mred", " [31mred"],
  ])("shows %s", (_, value, shown) => {
    expect(renderTable([{ name: "value", type: "String" }], [{ value }])).toContain(shown);
  });

  it("cuts the widest texts until it fits the terminal, and never a number", () => {
    const wide = [
      { name: "a", type: "String" },
      { name: "b", type: "String" },
      { name: "n", type: "Int64" },
    ];
    const lines = renderTable(wide, [{ a: "x".repeat(40), b: "y".repeat(15), n: 123_456_789_012 }], 50).split(
      "\n",
    );
    expect(lines.map((line) => line.length)).toEqual(lines.map(() => 50));
    expect(lines.join()).toContain("y".repeat(13));
    expect(lines.join()).toContain("123456789012");
  });

  it("shows the head alone when there are no rows", () => {
    expect(renderTable(columns, [])).toContain("platform");
  });
});

it("prints one line of JSON where there is no terminal", () => {
  expect(renderRows(columns, [{ platform: "x", n: 1 }], { isTTY: false })).toBe('[{"platform":"x","n":1}]');
});
