import type { Client } from "@social-interactions/sdk";
import type { Interaction } from "../generate.ts";
import { type Delivery, deliveryOf } from "./delivery.ts";
import { type PaceOptions, paced } from "./pace.ts";

export type LiveOptions = PaceOptions & {
  /** The moment that a row is given; default the time of day. */
  readonly clock?: () => Date;
};

/** Milliseconds that the last rows have behind the signal: the server is in this process, and it is still there. */
const LAST_ROWS_MS = 10_000;

/**
 * Sends interactions as they happen, until the signal; then those that were taken still arrive, and the client is closed.
 * A row that does not arrive is counted, and the next one is sent all the same.
 */
export async function sendLive(
  client: Pick<Client, "socialInteractions" | "close">,
  rows: Iterable<Interaction>,
  options: LiveOptions,
): Promise<Delivery> {
  const { signal } = options;
  // A batch that is tried again and again would hold up the end.
  const end = () => void client.close({ timeout: LAST_ROWS_MS });
  signal.addEventListener("abort", end, { once: true });
  try {
    return deliveryOf(await client.socialInteractions.sendAll(happening(rows, options)), 0);
  } finally {
    signal.removeEventListener("abort", end);
    await client.close();
  }
}

/** Each row at its turn, with the moment of that turn. */
export async function* happening(
  rows: Iterable<Interaction>,
  { clock = () => new Date(), ...pace }: LiveOptions,
): AsyncGenerator<Interaction> {
  for await (const row of paced(rows, pace)) {
    yield { ...row, timestamp: clock().toISOString().slice(0, 19).replace("T", " ") };
  }
}
