interface Identified {
  readonly interaction_id: string;
}

/** How many rows of an answer came after those that are held. */
export function newerThan(held: readonly Identified[], latest: readonly Identified[]): number {
  const newest = held[0]?.interaction_id;
  const place = latest.findIndex(({ interaction_id }) => interaction_id === newest);
  return place === -1 ? latest.length : place;
}

/** `Held · 7 new`; an answer has no more than its limit, so that many may be more. */
export function heldWords(waiting: number, limit = 20): string {
  if (waiting === 0) return "Held";
  return `Held · ${waiting}${waiting >= limit ? " or more" : ""} new`;
}
