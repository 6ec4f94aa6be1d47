import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secureRandom, uuidV7 } from "./uuid.ts";

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("ids", () => {
  it("hold the clock's milliseconds in their first 48 bits", () => {
    const id = uuidV7(() => 0x0123456789ab, secureRandom())();
    expect(id.slice(0, 13)).toBe("01234567-89ab");
  });

  it("are UUIDs of version 7 for any clock and random source", () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(time, random, (ms, r) =>
        V7.test(
          uuidV7(
            () => ms,
            () => r,
          )(),
        ),
      ),
    );
  });

  it("grow and stay apart within one millisecond, even from a random source that repeats itself", () => {
    const next = uuidV7(
      () => 1_000,
      () => 0.5,
    );
    const ids = Array.from({ length: 10_000 }, next);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it("grow when the clock steps back", () => {
    const times = [2_000, 1_000];
    const next = uuidV7(() => times.shift() ?? 0, secureRandom());
    const first = next();
    expect(next() > first).toBe(true);
  });

  it("are drawn from numbers between 0 and 1, beyond the first pool", () => {
    const random = secureRandom();
    const numbers = Array.from({ length: 3_000 }, random);
    expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
    expect(new Set(numbers).size).toBeGreaterThan(2_990);
  });
});
