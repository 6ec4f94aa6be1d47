import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Line, splitLines } from "./ndjson.ts";

const encoder = new TextEncoder();

/** The bytes in pieces of `size`, as a stream may deliver them. */
async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function split(bytes: Uint8Array, size = 4, maxLineBytes = 1_000): Promise<Line[]> {
  return collect(splitLines(inPieces(bytes, size), { maxLineBytes }));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const line = (number: number, text: string): Line => ({ ok: true, number, text });

describe("splitLines", () => {
  it.each<[string, string, Line[]]>([
    ["two lines", "a\nb\n", [line(1, "a"), line(2, "b")]],
    ["a last line without a newline", "a\nb", [line(1, "a"), line(2, "b")]],
    ["Windows line ends", "a\r\nb\r\n", [line(1, "a"), line(2, "b")]],
    ["blank lines, which count but are left out", "\n  \na\n\n", [line(3, "a")]],
    ["a byte order mark", "\ufeffa\n\ufeffb", [line(1, "a"), line(2, "b")]],
    ["nothing", "", []],
    ["characters of several bytes", "äß\n🙂🙂", [line(1, "äß"), line(2, "🙂🙂")]],
  ])("reads %s", async (_, text, expected) => {
    expect(await split(encoder.encode(text))).toEqual(expected);
  });

  it("reports a line that is too long and goes on with the next", async () => {
    const lines = await split(encoder.encode("12345\n123456\n1234"), 3, 5);
    expect(lines).toEqual([
      line(1, "12345"),
      { ok: false, number: 2, reason: "longer than 5 bytes" },
      line(3, "1234"),
    ]);
  });

  it("reports a line that is not UTF-8 and goes on with the next", async () => {
    const lines = await split(Uint8Array.of(0xff, 0x0a, 0x61));
    expect(lines).toEqual([{ ok: false, number: 1, reason: "not valid UTF-8" }, line(2, "a")]);
  });

  it("tells the bytes it has read", async () => {
    let bytes = 0;
    const pieces = inPieces(encoder.encode("ab\ncd\nefg"), 2);
    await collect(splitLines(pieces, { onBytes: (count) => (bytes += count) }));
    expect(bytes).toBe(9);
  });

  it("answers the same however the bytes are cut", async () => {
    const value = fc.record({ text: fc.string({ unit: "grapheme" }), number: fc.integer() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 20 }),
        fc.integer({ min: 1, max: 50 }),
        async (values, size) => {
          const bytes = encoder.encode(values.map((one) => JSON.stringify(one)).join("\n"));
          const lines = await split(bytes, size, 100_000);
          expect(lines.map((one) => one.ok && JSON.parse(one.text))).toEqual(values);
        },
      ),
    );
  });
});
