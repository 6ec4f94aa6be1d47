import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Batch, lineBytes } from "./batch.ts";

const fill = (limits: { maxBytes: number; maxRows: number }, lines: readonly string[]) => {
  const batch = new Batch(limits);
  return { batch, added: lines.map((line) => batch.tryAdd(line, lineBytes(line))) };
};

describe("a batch", () => {
  it("takes rows up to its bytes, newlines included, and says why not more", () => {
    const { batch, added } = fill({ maxBytes: 6, maxRows: 10 }, ["11", "22", "33"]);
    expect(added).toEqual([{ ok: true }, { ok: true }, { ok: false, full: "bytes" }]);
    expect(batch.bytes).toBe(6);
  });

  it("takes rows up to their number, and says why not more", () => {
    const { batch, added } = fill({ maxBytes: 100, maxRows: 2 }, ["1", "2", "3"]);
    expect(added).toEqual([{ ok: true }, { ok: true }, { ok: false, full: "rows" }]);
    expect(batch.fullOfRows).toBe(true);
  });

  it("takes a first row of any size, because the service decides about it", () => {
    const { added } = fill({ maxBytes: 3, maxRows: 10 }, ["1234567", "1"]);
    expect(added).toEqual([{ ok: true }, { ok: false, full: "bytes" }]);
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
