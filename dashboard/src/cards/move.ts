/** How a place in the ranking has changed since one window ago. */
export interface Move {
  readonly kind: "up" | "down" | "same" | "new";
  /** `▲3` */
  readonly text: string;
  /** For readers: `up 3`. */
  readonly words: string;
}

export function moveOf(row: { readonly rank: number; readonly previous_rank: number | null }): Move {
  if (row.previous_rank === null) return { kind: "new", text: "new", words: "new" };
  const by = row.previous_rank - row.rank;
  if (by === 0) return { kind: "same", text: "–", words: "same place" };
  return by > 0
    ? { kind: "up", text: `▲${by}`, words: `up ${by}` }
    : { kind: "down", text: `▼${-by}`, words: `down ${-by}` };
}

/** Whether it gets faster: the current window against the one before. */
export function paceArrow(acceleration: number): { readonly glyph: string; readonly words: string } {
  if (acceleration > 0) return { glyph: "↗", words: "rising" };
  return acceleration < 0 ? { glyph: "↘", words: "falling" } : { glyph: "→", words: "steady" };
}

/** How strongly a z is marked: 0 grey, 1 soft from 2, 2 outlined from 4, 3 full from 8. */
export function zStep(z: number): 0 | 1 | 2 | 3 {
  if (z >= 8) return 3;
  if (z >= 4) return 2;
  return z >= 2 ? 1 : 0;
}
