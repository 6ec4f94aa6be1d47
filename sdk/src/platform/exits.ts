import type { Exits, Signal } from "./platform.ts";

type Listener = () => void;

/** One listener of the process for all clients: a listener each would look like a leak to Node. */
const flushes = new Set<Listener>();
const flushAll = () => {
  for (const flush of flushes) flush();
};

export const processExits: Exits = {
  beforeExit(flush) {
    if (flushes.size === 0) process.on("beforeExit", flushAll);
    flushes.add(flush);
    return () => {
      flushes.delete(flush);
      if (flushes.size === 0) process.off("beforeExit", flushAll);
    };
  },
  onSignals(signals, end) {
    const listeners = signals.map((signal) => [signal, () => void finish(signal)] as const);
    const dispose = () => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    };
    const finish = async (signal: Signal) => {
      await end().catch(() => undefined);
      dispose();
      // Listening took the signal's own effect away; it is given back unless the application decides for itself.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    for (const [signal, listener] of listeners) process.on(signal, listener);
    return dispose;
  },
};
