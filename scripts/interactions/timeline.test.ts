import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeline } from "./timeline.ts";

const HOUR = 3_600_000;
const MIDNIGHT = Date.UTC(2026, 0, 5);

describe("timeline", () => {
  it("stays in its window and only goes forward, for any window", () => {
    const span = fc.integer({ min: 1, max: 200 * HOUR });
    fc.assert(
      fc.property(
        span,
        fc.nat({ max: 2_000_000_000 }),
        fc.array(fc.double({ min: 0.1, max: 3, noNaN: true })),
        (length, start, noise) => {
          const time = timeline(start, start + length, noise);
          const moments = Array.from({ length: 50 }, (_, i) => time.momentAt(i / 50));
          expect(moments[0]).toBeGreaterThanOrEqual(start);
          expect(moments.at(-1)).toBeLessThan(start + length);
          expect(moments).toEqual(moments.toSorted((a, b) => a - b));
        },
      ),
    );
  });

  it("has four times the traffic at the evening peak than in the early morning", () => {
    const time = timeline(MIDNIGHT, MIDNIGHT + 24 * HOUR, []);
    const shareAfter = (hour: number) =>
      shareBefore(time.momentAt, MIDNIGHT + (hour + 1) * HOUR) -
      shareBefore(time.momentAt, MIDNIGHT + hour * HOUR);
    expect(shareAfter(18) / shareAfter(6)).toBeCloseTo(4, 0);
  });

  it("has four times the traffic in a burst than right after it", () => {
    const time = timeline(MIDNIGHT, MIDNIGHT + 24 * HOUR, []);
    const [start = 0] = time.bursts;
    const share = (from: number) =>
      shareBefore(time.momentAt, from + HOUR / 2) - shareBefore(time.momentAt, from);
    expect(share(start) / share(start + HOUR)).toBeGreaterThan(3);
  });

  it("knows which burst a moment is in", () => {
    const time = timeline(MIDNIGHT, MIDNIGHT + 24 * HOUR, []);
    const [start = 0] = time.bursts;
    expect([start - 1, start, start + HOUR].map(time.burstAt)).toEqual([undefined, 0, undefined]);
  });
});

/** The share of all traffic before a moment, by bisection of its inverse. */
function shareBefore(momentAt: (q: number) => number, moment: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (momentAt(middle) < moment) low = middle;
    else high = middle;
  }
  return low;
}
