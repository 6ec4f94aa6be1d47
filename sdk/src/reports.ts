import type * as z from "zod";
import type { dataSources } from "./schema.generated.ts";
import type { QuarantineReason } from "./sending/quarantine.ts";

/** An event as it is sent, of any data source. */
export type EventRow = z.output<(typeof dataSources)[keyof typeof dataSources]["row"]>;

/** Rows that the service took but could not fit into the table's columns. */
export type QuarantineReport = {
  readonly dataSource: string;
  /** Rows of this request that went to quarantine; the service does not say which. */
  readonly count: number;
  /** Rows in the request. */
  readonly rows: number;
  /** The table that holds them and the reasons (column `c__error`). */
  readonly quarantine: string;
  /** Why, most frequent first, where the token may read the quarantine; those of the newest `count` rows in it. */
  readonly reasons?: readonly QuarantineReason[];
};

/** What a client found in its spool: events that an earlier one did not bring to an outcome. They are sent now. */
export type ReplayReport = {
  readonly segments: number;
  readonly events: number;
  /** Bytes of writes that were cut off; `send` had not returned for these events. */
  readonly tornBytes: number;
  /** Records that the disk or somebody changed. They are not sent; a copy of the file is kept as `….damaged`. */
  readonly damaged: number;
};
