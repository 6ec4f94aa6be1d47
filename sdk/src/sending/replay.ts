import type { ReplayReport } from "../reports.ts";
import type { Leftover } from "../spool/spool.ts";
import type { Callbacks } from "./callbacks.ts";
import { createShipment, type Shipment } from "./shipment.ts";
import { Tally } from "./tally.ts";

/** What a segment of an earlier client held; without a shipment when it held no whole event or could not be read. */
export type Replay = {
  readonly shipment?: Shipment;
  readonly events: number;
  readonly tornBytes: number;
  readonly damaged: number;
};

/** No limits: the events were one batch already. */
const ONE_BATCH = { maxBytes: Number.POSITIVE_INFINITY, maxRows: Number.POSITIVE_INFINITY };

/** Reads a segment once to count and check it; the shipment is parked, so a full spool takes no memory. */
export async function loadLeftover({ segment }: Leftover, callbacks: Callbacks): Promise<Replay> {
  const records = await callbacks.attempt(() => segment.load());
  if (records === undefined) return { events: 0, tornBytes: 0, damaged: 0 };
  const { body, rows, tornBytes, damaged } = records;
  if (damaged > 0) await callbacks.attempt(() => segment.copyAside());
  const counts = { events: rows, tornBytes, damaged };
  if (rows === 0) {
    await callbacks.attempt(() => segment.remove());
    return counts;
  }
  const shipment = createShipment(
    { dataSource: segment.dataSource, tally: new Tally(), lastBytes: 0 },
    ONE_BATCH,
    segment,
  );
  shipment.batch.restore(body, rows);
  shipment.batch.park();
  return { ...counts, shipment };
}

/** All of them together, to be told. */
export function replayReport(replays: readonly Replay[]): ReplayReport {
  const sum = (count: (replay: Replay) => number) => replays.reduce((total, one) => total + count(one), 0);
  return {
    segments: replays.length,
    events: sum(({ events }) => events),
    tornBytes: sum(({ tornBytes }) => tornBytes),
    damaged: sum(({ damaged }) => damaged),
  };
}
