import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Batch, lineBytes } from "./batch.ts";

const fill = (limits: { maxBytes: number; maxRows: number }, lines: readonly string[]) => {
  const batch = new Batch(limits);
  const taken = lines.filter((line) => {
    const fits = batch.fits(lineBytes(line));
    if (fits) batch.add(line, lineBytes(line));
    return fits;
  });
  return { batch, taken };
};

describe("a batch", () => {
  it("has room for rows up to its bytes, newlines included", () => {
    const { batch, taken } = fill({ maxBytes: 6, maxRows: 10 }, ["11", "22", "33"]);
    expect(taken).toEqual(["11", "22"]);
    expect([batch.bytes, batch.fullOfRows]).toEqual([6, false]);
  });

  it("has room for rows up to their number", () => {
    const { batch, taken } = fill({ maxBytes: 100, maxRows: 2 }, ["1", "2", "3"]);
    expect(taken).toEqual(["1", "2"]);
    expect(batch.fullOfRows).toBe(true);
  });

  it("has room for a first row of any size, because the service decides about it", () => {
    const { taken } = fill({ maxBytes: 3, maxRows: 10 }, ["1234567", "1"]);
    expect(taken).toEqual(["1234567"]);
  });

  it("is NDJSON whose length is the bytes it counted, for any text", () => {
    const texts = fc.array(fc.string({ unit: "binary" }), { minLength: 1 });
    fc.assert(
      fc.property(texts, (values) => {
        const { batch } = fill(
          { maxBytes: 1e6, maxRows: 1e3 },
          values.map((value) => JSON.stringify(value)),
        );
        const body = batch.encode();
        expect(body.length).toBe(batch.bytes);
        expect(batch.decode()).toEqual(JSON.parse(`[${body.toString().trimEnd().split("\n").join(",")}]`));
      }),
    );
  });

  it("falls into two halves that hold its rows in order", () => {
    const lines = fc.array(fc.nat().map(String), { minLength: 2 });
    fc.assert(
      fc.property(lines, (rows) => {
        const { batch } = fill({ maxBytes: 1e6, maxRows: 1e3 }, rows);
        const [first, second] = batch.halve();
        expect([...first.decode(), ...second.decode()]).toEqual(batch.decode());
        expect(first.rows - second.rows).toBeLessThanOrEqual(1);
        expect(first.bytes + second.bytes).toBe(batch.bytes);
      }),
    );
  });
});
