import { setImmediate as nextTurn } from "node:timers/promises";

/** 2026-01-01 00:00:00 UTC. */
export const START = Date.UTC(2026, 0, 1);

/** A clock that stands still but for sleeps: each moves it on by its length and ends in the event loop's next turn. */
export function skippingTime() {
  let now = START;
  const sleeps: number[] = [];
  return {
    time: {
      clock: () => now,
      sleep: async (ms: number) => {
        const end = now + ms;
        sleeps.push(ms);
        await nextTurn();
        now = Math.max(now, end);
      },
    },
    /** Every sleep asked for, in milliseconds. */
    sleeps,
  };
}

/** A clock that stands still, and sleeps that end only when told to. */
export function stoppedTime() {
  const sleepers: { readonly ms: number; readonly wake: () => void }[] = [];
  return {
    time: {
      clock: () => START,
      sleep: (ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => {
          sleepers.push({ ms, wake: resolve });
          signal?.addEventListener("abort", () => resolve(), { once: true });
        }),
    },
    /** Ends the sleeps of this length. */
    wake: (ms: number) => {
      for (const sleeper of sleepers) if (sleeper.ms === ms) sleeper.wake();
    },
  };
}
