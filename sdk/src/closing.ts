import { ClientClosedError, fault } from "./errors.ts";
import type { Sender } from "./sending/sender.ts";
import type { Summary } from "./sending/tally.ts";
import type { Settings } from "./settings.ts";

/** `close` waits this long for events under way unless told otherwise. */
const CLOSE_TIMEOUT_MS = 30_000;

export type CloseOptions = { readonly timeout?: number; readonly signal?: AbortSignal };

/** The counts over the life of the client, when it ends. */
export type CloseReport = Summary & {
  /**
   * Events that had no outcome when the time ran out; some may have been written. They are counted as spooled with a spool,
   * and as undeliverable without one.
   */
  readonly remained: number;
};

/** Drains the sender, or gives up what is left when the time is over; then disconnects. */
export async function closeClient(
  sender: Sender,
  { sleep }: Settings,
  { timeout = CLOSE_TIMEOUT_MS, signal }: CloseOptions,
  ending: AbortController,
  disconnect: () => Promise<void>,
): Promise<CloseReport> {
  sender.stop();
  const drained = sender.flush();
  const remained = await remainingAfter(drained, sender, (over) =>
    sleep(timeout, AbortSignal.any([over, ...(signal ? [signal] : [])])),
  );
  ending.abort(remained > 0 ? fault("CLOSE_TIMEOUT", []) : new ClientClosedError("no query can run"));
  try {
    await drained;
  } finally {
    await disconnect();
  }
  return { ...sender.totals.summary(), remained };
}

/** Events without an outcome when everything is drained (none) or the time is up. */
async function remainingAfter(
  drained: Promise<void>,
  sender: Sender,
  timeUp: (over: AbortSignal) => Promise<void>,
): Promise<number> {
  const timer = new AbortController();
  const settled = drained.catch(() => undefined).then(() => 0);
  const late = timeUp(timer.signal).then(() => sender.totals.pending);
  const remained = await Promise.race([settled, late]);
  timer.abort();
  return remained;
}
