import { Batch, type BatchLimits } from "./batch.ts";
import { Tally } from "./tally.ts";

/** A batch on its way: where to, whose counts it changes, and a promise that resolves when all its events have an outcome. */
export type Shipment = {
  readonly dataSource: string;
  readonly tally: Tally;
  readonly batch: Batch;
  readonly settled: Promise<void>;
  readonly settle: () => void;
};

/** Events that share batches and counts: those of `send`, or those of one `sendAll`. */
export type Lane = { readonly dataSource: string; tally: Tally; open?: Open | undefined };

/** The shipment that takes events now; `timer` ends its wait for more. */
export type Open = { readonly shipment: Shipment; readonly timer: AbortController };

export const createLane = (dataSource: string): Lane => ({ dataSource, tally: new Tally() });

/** An empty shipment of the lane's events. */
export function createShipment({ dataSource, tally }: Lane, limits: BatchLimits): Shipment {
  let settle = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { dataSource, tally, batch: new Batch(limits), settled, settle };
}
