import type { QueryOptions, QueryResult } from "./engine.ts";

/** What the server's process says to the engine's. */
export type Request =
  | {
      readonly kind: "query";
      readonly id: number;
      readonly sql: string;
      readonly options: Omit<QueryOptions, "signal">;
    }
  | { readonly kind: "describe"; readonly id: number; readonly sql: string }
  | { readonly kind: "command"; readonly id: number; readonly sql: string }
  /** Asks the engine to stop a statement; that statement is still answered. */
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "ping"; readonly id: number }
  | { readonly kind: "close"; readonly id: number };

/** What the engine's process says back: one answer to each request but `cancel`. */
export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly error: Refusal }
  | { readonly kind: "done"; readonly id: number; readonly result: QueryResult | null }
  | { readonly kind: "refused"; readonly id: number; readonly error: Refusal };

/** An error as plain data. `code` is a row of the table of errors, or null for one of ClickHouse's. */
export interface Refusal {
  readonly message: string;
  readonly clickhouseCode: number | null;
  readonly code: "OVERLOADED" | "QUERY_CANCELLED" | null;
}
