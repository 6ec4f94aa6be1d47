import { describe, expect, it } from "vitest";
import { START, skippingTime } from "../testing/time.test-clock.ts";
import { RateWindow } from "./rate-window.ts";
import { MAX_RETRY_AFTER_MS } from "./retry.ts";

const open = new AbortController().signal;

describe("the window for requests", () => {
  it("lets at most the given number start in any second", async () => {
    const { time } = skippingTime();
    const window = new RateWindow(100, time.clock, time.sleep);
    const starts: number[] = [];
    const start = async () => {
      await window.enter(open, "a");
      starts.push(time.clock());
    };
    await Promise.all(Array.from({ length: 250 }, start));
    const gaps = starts.slice(100).map((time, index) => time - (starts[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
  });

  it("lets a second's worth start at once", async () => {
    const { time, sleeps } = skippingTime();
    const window = new RateWindow(100, time.clock, time.sleep);
    for (let start = 0; start < 100; start += 1) await window.enter(open, "a");
    expect(sleeps).toEqual([]);
    await window.enter(open, "a");
    expect(sleeps).toEqual([1_000]);
  });

  it("counts the starts of each name by itself, and keeps all waiting alike", async () => {
    const { time, sleeps } = skippingTime();
    const window = new RateWindow(1, time.clock, time.sleep);
    await window.enter(open, "a");
    await window.enter(open, "b");
    expect(sleeps).toEqual([]);
    window.closeFor(5_000);
    await window.enter(open, "c");
    expect(sleeps).toEqual([5_000]);
  });

  it("keeps all waiting until the longest wait asked for is over", async () => {
    const { time } = skippingTime();
    const window = new RateWindow(1_000, time.clock, time.sleep);
    window.closeFor(5_000);
    window.closeFor(2_000);
    await Promise.all([window.enter(open, "a"), window.enter(open, "a")]);
    expect(time.clock() - START).toBeGreaterThanOrEqual(5_000);
  });

  it("does not wait longer than the limit when the clock steps back by a day", async () => {
    const { time, sleeps } = skippingTime();
    let back = 0;
    const window = new RateWindow(100, () => time.clock() - back, time.sleep);
    window.closeFor(1_000);
    back = 86_400_000;
    await window.enter(open, "a");
    expect(Math.max(...sleeps)).toBeLessThanOrEqual(MAX_RETRY_AFTER_MS);
  });

  it("lets go at once when the signal is aborted", async () => {
    const { time, sleeps } = skippingTime();
    const window = new RateWindow(100, time.clock, time.sleep);
    window.closeFor(5_000);
    await window.enter(AbortSignal.abort(), "a");
    expect(sleeps).toEqual([]);
  });
});
