import type { Press } from "./charts/walk.ts";
import { RANGES, type Range } from "./view/view.ts";

/** What a key of the page does; `range` with the one it chooses. */
export type KeyAction =
  | { readonly do: "range"; readonly range: Range }
  | { readonly do: "compare" | "pause" | "refresh" | "board" | "theme" | "clear" | "help" };

/** Where the focus is, as far as keys care. */
export interface Place {
  /** Text is typed there, or a list chosen from. */
  readonly isInput: boolean;
  /** Space is its own. */
  readonly isButton: boolean;
}

const ACTIONS: Readonly<Record<string, KeyAction>> = {
  ...Object.fromEntries(RANGES.map((range, place) => [String(place + 1), { do: "range", range } as const])),
  x: { do: "compare" },
  t: { do: "board" },
  " ": { do: "pause" },
  r: { do: "refresh" },
  d: { do: "theme" },
  Escape: { do: "clear" },
  "?": { do: "help" },
};

/**
 * What a key does on the page, or null. With Ctrl, Alt or Meta it is the browser's, in an input the input's.
 * @param hasSingles whether single characters count; Escape always does
 */
export function actionOf(press: Press, { isInput, isButton }: Place, hasSingles: boolean): KeyAction | null {
  if (press.ctrlKey || press.altKey || press.metaKey || isInput) return null;
  if (press.key === " " && isButton) return null;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (key !== "Escape" && !hasSingles) return null;
  return Object.hasOwn(ACTIONS, key) ? (ACTIONS[key] ?? null) : null;
}

/** For the help, in the order of use. */
export const KEY_LIST = [
  ["1 … 5", "1 h, 6 h, 24 h, 7 d, 30 d"],
  ["X", "comparison on, off"],
  ["T", "first row of Trending now"],
  ["Space", "pause, go on"],
  ["R", "refresh all"],
  ["D", "theme: auto, dark, light"],
  ["← →", "on the timeline: bucket by bucket; with Shift by ten; Home, End; Esc leaves"],
  ["← → ↑ ↓", "on the heatmap: cell by cell"],
  ["Esc", "closes a menu; else clears the filters"],
  ["?", "this list"],
] as const;
