/** Milliseconds since 1970. */
export type Clock = () => number;
/** A number from 0 (included) to 1 (excluded). */
export type Random = () => number;
/** Resolves after `ms`, or at once when the signal is aborted; never rejects. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** On a timer, which keeps a Node process alive. */
export const sleepOnTimer: Sleep = (ms, signal) =>
  new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
  });

/** Lets everything else that is ready have its turn. */
export const nextTurn: () => Promise<void> =
  typeof setImmediate === "function"
    ? () => new Promise((resolve) => setImmediate(resolve))
    : () => new Promise((resolve) => setTimeout(resolve, 0));
