import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RECORD_OVERHEAD, readRecords, toRecord } from "./record.ts";

const read = (bytes: Buffer) => {
  const { body, ...counts } = readRecords(bytes);
  return { lines: body.toString().split("\n").slice(0, -1), ...counts };
};

/** A line of JSON, any text in it. */
const line = fc.string({ unit: "binary" }).map((text) => JSON.stringify(text));
const bytesOf = (lines: readonly string[]) => Buffer.from(lines.map(toRecord).join(""));

describe("a segment's records", () => {
  it("are read as they were written", () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(read(bytesOf(lines))).toEqual({ lines, rows: lines.length, tornBytes: 0, damaged: 0 });
      }),
    );
  });

  it("cut off anywhere give the whole ones before the cut, and the bytes of the torn one", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.nat(), (lines, at) => {
        const bytes = bytesOf(lines);
        const cut = bytes.subarray(0, at % bytes.length);
        const { lines: whole, damaged, tornBytes } = read(cut);
        expect(whole).toEqual(lines.slice(0, whole.length));
        expect(damaged).toBe(0);
        expect(bytesOf(whole).length + tornBytes).toBe(cut.length);
      }),
    );
  });

  it("with one byte changed never give an event that was not written", () => {
    const flip = fc.tuple(fc.array(line, { minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(flip, ([lines, at, change]) => {
        const bytes = bytesOf(lines);
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ change;
        const { lines: whole } = read(bytes);
        expect(whole.every((one) => lines.includes(one))).toBe(true);
        expect(whole.length).toBeLessThan(lines.length);
      }),
    );
  });

  it("tell a damaged record before good ones from a torn end", () => {
    const bytes = bytesOf(["1", "2", "3"]);
    bytes[RECORD_OVERHEAD] = 0x39;
    expect(read(bytes)).toEqual({ lines: ["2", "3"], rows: 2, tornBytes: 0, damaged: 1 });
  });
});
