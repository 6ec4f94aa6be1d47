import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linesOf, oneObjectAsLine, type Segment, segments } from "./lines.ts";

async function cut(...chunks: string[]): Promise<Segment[]> {
  const found: Segment[] = [];
  for await (const segment of segments(chunks.map((chunk) => Buffer.from(chunk)))) found.push(segment);
  return found;
}

describe("segments", () => {
  it.each([
    ["no body", [], 0],
    ["only blank lines", ["\n \r\n\t\n"], 0],
    ["a last line without its end", ['{"a":1}\n{"a":2}'], 2],
    ["Windows line ends", ['{"a":1}\r\n{"a":2}\r\n'], 2],
    ["a line that comes in pieces", ['{"a"', ":1}", '\n{"a":2}\n'], 2],
  ])("count the rows of %s", async (_, chunks, rows) => {
    const found = await cut(...chunks);
    expect(found.reduce((sum, segment) => sum + segment.rows, 0)).toBe(rows);
  });

  it("hold whole lines, whatever the pieces of the body", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-zé ]{0,20}$/)),
        fc.integer({ min: 1, max: 7 }),
        async (lines, size) => {
          const bytes = Buffer.from(lines.join("\n"));
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          const found: string[] = [];
          for await (const segment of segments(pieces)) found.push(...linesOf(segment.bytes));
          expect(found).toEqual(lines.map((line) => line.trim()).filter((line) => line !== ""));
        },
      ),
    );
  });

  it("end where a line ends once they are full", async () => {
    const row = `{"text":"${"x".repeat(999_990)}"}\n`;
    const found = await cut(row.repeat(20));
    expect(found.length).toBeGreaterThan(1);
    expect(found.every(({ bytes }) => bytes.at(-1) === 0x0a)).toBe(true);
    expect(found.reduce((sum, { rows }) => sum + rows, 0)).toBe(20);
  });

  it("refuse a row that never ends", async () => {
    const endless = Array.from({ length: 12 }, () => "x".repeat(1_000_000));
    await expect(cut(...endless)).rejects.toMatchObject({ code: "ROW_TOO_LARGE", status: 413 });
  });
});

describe("a body of one object", () => {
  it.each([
    [
      "over several lines becomes one line",
      '{\n  "a": 1,\r\n  "b": "x y"\n}\n',
      '{   "a": 1,    "b": "x y" } ',
    ],
    ["on one line stays", '{"a":1}', '{"a":1}'],
    ["and another on the next line stays", '{"a":1}\n{"a":2}', '{"a":1}\n{"a":2}'],
    ["that is broken stays", '{\n"a": 1,,\n}', '{\n"a": 1,,\n}'],
    ["inside an array stays", '[\n{"a":1}\n]', '[\n{"a":1}\n]'],
  ])("%s", (_, body, expected) => {
    expect(oneObjectAsLine(Buffer.from(body)).toString()).toBe(expected);
  });
});
