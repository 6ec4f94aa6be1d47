import type { Segment, Write } from "../spool/segment.ts";
import { Batch, type BatchLimits } from "./batch.ts";
import { Tally } from "./tally.ts";

/** A batch on its way: where to, whose counts it changes, and a promise that resolves when all its events have an outcome. */
export type Shipment = {
  readonly dataSource: string;
  readonly tally: Tally;
  readonly batch: Batch;
  /** Its events on disk; undefined without a spool, or when the disk failed. */
  segment?: Segment | undefined;
  /** Rows that stay on disk when the shipment is settled; "all" when they were not even loaded. */
  kept: string[] | "all";
  readonly settled: Promise<void>;
  readonly settle: () => void;
};

/** Events that share batches and counts: those of `send`, or those of one `sendAll`. */
export type Lane = {
  readonly dataSource: string;
  readonly write: Write;
  tally: Tally;
  open?: Open | undefined;
  /** Bytes of the batch that was closed last. */
  lastBytes: number;
};

/** The shipment that takes events now; `timer` ends its wait for more. */
export type Open = { readonly shipment: Shipment; readonly timer: AbortController };

export const createLane = (dataSource: string, write: Write): Lane => ({
  dataSource,
  write,
  tally: new Tally(),
  lastBytes: 0,
});

/** A shipment of an empty batch. */
export function createShipment(
  { dataSource, tally, lastBytes }: Pick<Lane, "dataSource" | "tally" | "lastBytes">,
  limits: BatchLimits,
  segment?: Segment,
): Shipment {
  let settle = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { dataSource, tally, batch: new Batch(limits, lastBytes), segment, kept: [], settled, settle };
}
