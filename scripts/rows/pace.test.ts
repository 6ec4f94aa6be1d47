import { expect, it } from "vitest";
import { paced, whileOpen } from "./pace.ts";

/** A clock that only sleeping moves. */
function clock() {
  let time = 1_000;
  return {
    now: () => time,
    sleep: async (ms: number) => {
      time += ms;
    },
  };
}

it("gives each item its turn: 4 per second come 250 ms apart", async () => {
  const { now, sleep } = clock();
  const times: number[] = [];
  for await (const _ of paced([1, 2, 3, 4], { rate: 4, signal: new AbortController().signal, now, sleep })) {
    times.push(now() - 1_000);
  }
  expect(times).toEqual([0, 250, 500, 750]);
});

it("does not sleep for less than a millisecond, and still keeps the mean rate", async () => {
  const { now, sleep } = clock();
  const signal = new AbortController().signal;
  const items = Array.from({ length: 10_001 }, (_, i) => i);
  for await (const _ of paced(items, { rate: 5_000, signal, now, sleep }));
  expect(now() - 1_000).toBeGreaterThan(1_998);
  expect(now() - 1_000).toBeLessThanOrEqual(2_000);
});

it("ends early when it is told to", async () => {
  const { now, sleep } = clock();
  const controller = new AbortController();
  const seen: number[] = [];
  for await (const item of paced([1, 2, 3], { rate: 1, signal: controller.signal, now, sleep })) {
    seen.push(item);
    if (item === 2) controller.abort();
  }
  expect(seen).toEqual([1, 2]);
});

it("passes items on until the signal", () => {
  const controller = new AbortController();
  const seen: number[] = [];
  for (const item of whileOpen([1, 2, 3], controller.signal)) {
    seen.push(item);
    if (item === 2) controller.abort();
  }
  expect(seen).toEqual([1, 2]);
});
