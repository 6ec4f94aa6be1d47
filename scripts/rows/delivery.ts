import type { Summary } from "@social-interactions/sdk";
import { EXIT } from "../terminal/failure.ts";

/** What became of the rows of a run. */
export type Delivery = {
  /** In the data source. */
  readonly sent: number;
  /** In its quarantine table. */
  readonly quarantined: number;
  /** Nowhere: unreadable, invalid, or given up. */
  readonly failed: number;
};

/** @param unreadable Rows that never reached the client, because they are not JSON. */
export function deliveryOf(summary: Summary, unreadable: number): Delivery {
  const { delivered, quarantined, rejected, undeliverable } = summary;
  return { sent: delivered, quarantined, failed: unreadable + rejected + undeliverable };
}

/** 0 only when every row is in the data source. */
export function exitCodeOfDelivery({ quarantined, failed }: Delivery): number {
  return quarantined === 0 && failed === 0 ? EXIT.fine : EXIT.failed;
}

export function deliveryLine({ sent, quarantined, failed }: Delivery): string {
  return `${sent} sent, ${quarantined} quarantined, ${failed} failed`;
}

/** Keeps the first few of many reports, and says how many there were. */
export function firstFew(limit: number): { add: (line: string) => void; lines: () => string[] } {
  const kept: string[] = [];
  let more = 0;
  return {
    add: (line) => {
      if (kept.length < limit) kept.push(line);
      else more++;
    },
    lines: () => (more > 0 ? [...kept, `… and ${more} more`] : [...kept]),
  };
}
