import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvSegments } from "./records.ts";

async function cut(text: string, size: number) {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  const found: { text: string; rows: number }[] = [];
  for await (const { bytes, rows } of csvSegments(chunks, ",")) found.push({ text: bytes.toString(), rows });
  return found;
}

describe("records are counted", () => {
  it.each([
    ["nothing", "", 0],
    ["one line", "a,b\n", 1],
    ["a last line without its end", "a,b\nc,d", 2],
    ["blank lines between", "a,b\n\n\r\nc,d\n", 2],
    ["a line break between quotes", '"a\nb",c\n', 1],
    ["a doubled quote", '"a""\n""b",c\n', 1],
    ["a quote within bare text", '5" pipe,b\nc,d\n', 2],
    ["an empty text between quotes", '"",b\n', 1],
  ])("in %s", async (_, text, rows) => {
    expect((await cut(text, 3)).reduce((sum, each) => sum + each.rows, 0)).toBe(rows);
  });
});

it("whatever the chunks are, the bytes come whole and in order, and as many rows", async () => {
  const cell = fc.constantFrom("a", '"b"', '"c\nd"', '"e""f"', "");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell), { minLength: 1 }),
      fc.integer({ min: 1, max: 9 }),
      async (rows, size) => {
        const text = rows.map((row) => `${row.join(",")}\n`).join("");
        const found = await cut(text, size);
        expect(found.map((each) => each.text).join("")).toBe(text);
        expect(found.reduce((sum, each) => sum + each.rows, 0)).toBe(rows.length);
      },
    ),
  );
});

it("a segment of many rows ends where a row ends", async () => {
  const found = await cut("x,y\n".repeat(1_200_000), 1_000_000);
  expect(found.map((each) => each.rows)).toEqual([500_000, 500_000, 200_000]);
});
