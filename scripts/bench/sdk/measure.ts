import { collectGarbage } from "./garbage.ts";

/** What some work took: wall time, and CPU of this process with its worker threads; per event, in nanoseconds. */
export type Cost = { readonly wallNs: number; readonly cpuNs: number };

const NS_PER_MS = 1e6;
const NS_PER_US = 1e3;

/** One run of work over `events` events. */
export async function costOf(events: number, work: () => unknown): Promise<Cost> {
  collectGarbage();
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wallNs = ((performance.now() - start) * NS_PER_MS) / events;
  const { user, system } = process.cpuUsage(cpu);
  return { wallNs, cpuNs: ((user + system) * NS_PER_US) / events };
}

/** The fastest round: what else the machine does can only add to it. */
export const leastCost = (costs: readonly Cost[]): Cost => ({
  wallNs: Math.min(...costs.map(({ wallNs }) => wallNs)),
  cpuNs: Math.min(...costs.map(({ cpuNs }) => cpuNs)),
});
