import type { Known } from "../asking/resource.ts";

/** What a card shows: one at a time. */
export type CardState = "loading" | "empty" | "error" | "stale" | "ready";

export function stateOf<Row>(
  { rows, fault }: Pick<Known<Row>, "rows" | "fault">,
  isEmpty: (rows: readonly Row[]) => boolean,
): CardState {
  if (rows === null) return fault === null ? "loading" : "error";
  if (fault !== null) return "stale";
  return isEmpty(rows) ? "empty" : "ready";
}

export function emptyWords(hasFilters: boolean): string {
  return hasFilters
    ? "No interaction matches these filters in this range. Remove a filter or widen the range."
    : "No interaction arrived in this range yet. Send one with the SDK, or run npm start.";
}
