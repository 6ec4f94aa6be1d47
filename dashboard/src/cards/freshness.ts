/** Seconds below which the newest row is live, and below which it is only late. */
const LIVE_BELOW = 10;
const DELAYED_BELOW = 60;

export interface Freshness {
  readonly glyph: string;
  readonly word: "live" | "delayed" | "silent" | "no answer";
}

/** What the age of the newest row tells, in a form and a word; null: no row yet. */
export function freshnessOf(seconds: number | null): Freshness {
  if (seconds === null || seconds >= DELAYED_BELOW) return { glyph: "○", word: "silent" };
  return seconds < LIVE_BELOW ? { glyph: "●", word: "live" } : { glyph: "◐", word: "delayed" };
}

export const NO_ANSWER: Freshness = { glyph: "✕", word: "no answer" };
