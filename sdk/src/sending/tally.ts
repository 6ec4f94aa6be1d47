/**
 * What became of a set of events. When all have an outcome, `sent = delivered + quarantined + rejected + undeliverable + spooled`.
 */
export type Summary = {
  /** Events given to `send` or `sendAll`. */
  readonly sent: number;
  /** Taken by the service (and written, with `wait`). */
  readonly delivered: number;
  /** Taken by the service, but kept in the quarantine table because they do not fit the columns. */
  readonly quarantined: number;
  /** Never queued: invalid, or refused because the queue was full. */
  readonly rejected: number;
  /** Queued, then given up; handed to `onUndeliverable`. */
  readonly undeliverable: number;
  /** Given up by this client, but kept in the spool: the next client that opens it sends them. */
  readonly spooled: number;
};

export type Fate = "delivered" | "quarantined" | "undeliverable" | "spooled";

/** Counts of a set of events; `accepted = delivered + quarantined + undeliverable + spooled + pending` at any time. */
export class Tally {
  accepted = 0;
  rejected = 0;
  delivered = 0;
  quarantined = 0;
  undeliverable = 0;
  spooled = 0;

  settle(fate: Fate, rows: number): void {
    this[fate] += rows;
  }

  get pending(): number {
    return this.accepted - this.delivered - this.quarantined - this.undeliverable - this.spooled;
  }

  summary(): Summary {
    const { accepted, rejected, delivered, quarantined, undeliverable, spooled } = this;
    return { sent: accepted + rejected, delivered, quarantined, rejected, undeliverable, spooled };
  }
}
