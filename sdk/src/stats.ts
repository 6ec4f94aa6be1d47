import type { CallCounts } from "./http/call.ts";
import type { Sender } from "./sending/sender.ts";

/**
 * Counts over the life of a client; `accepted = delivered + quarantined + undeliverable + spooled + pending` at any time.
 */
export type Stats = {
  /** Events that were queued, those found in the spool included. */
  readonly accepted: number;
  readonly delivered: number;
  readonly quarantined: number;
  /** Events that were not queued: invalid, or refused because the queue was full. */
  readonly rejected: number;
  readonly undeliverable: number;
  /** Events left in the spool for the next client. */
  readonly spooled: number;
  /** Of the accepted: events that an earlier client left in the spool. */
  readonly replayed: number;
  /** Events without an outcome yet, and their encoded bytes. */
  readonly pending: number;
  readonly pendingBytes: number;
  /** Batches that were closed and queued, before any was cut because the service found it too large. */
  readonly batches: number;
  /** Requests with events, those that repeat one, and answers 429. */
  readonly requests: number;
  readonly retries: number;
  readonly rateLimited: number;
};

export function statsOf(sender: Sender, counts: CallCounts): Stats {
  const { accepted, delivered, quarantined, rejected, undeliverable, spooled, pending } = sender.totals;
  const { replayed, pendingBytes, batches } = sender;
  const outcomes = { accepted, delivered, quarantined, rejected, undeliverable, spooled, replayed };
  return { ...outcomes, pending, pendingBytes, batches, ...counts };
}
