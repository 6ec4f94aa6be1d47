import type { Leftover } from "../spool/spool.ts";
import { lineBytes } from "./batch.ts";
import type { Dispatcher } from "./dispatcher.ts";
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
export async function loadLeftover({ segment }: Leftover, dispatcher: Dispatcher): Promise<Replay> {
  const records = await dispatcher.keepFault(() => segment.load());
  if (records === undefined) return { events: 0, tornBytes: 0, damaged: 0 };
  const { lines, tornBytes, damaged } = records;
  if (damaged > 0) await dispatcher.keepFault(() => segment.copyAside());
  const counts = { events: lines.length, tornBytes, damaged };
  if (lines.length === 0) {
    await dispatcher.keepFault(() => segment.remove());
    return counts;
  }
  const shipment = createShipment({ dataSource: segment.dataSource, tally: new Tally() }, ONE_BATCH, segment);
  for (const line of lines) shipment.batch.tryAdd(line, lineBytes(line));
  shipment.batch.park();
  return { ...counts, shipment };
}
