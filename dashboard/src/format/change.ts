import { count } from "./number.ts";

/** Percent below which there is no change to speak of. */
const FLAT_BELOW = 0.5;

/** Percent from which a change is told as a multiple. */
const MULTIPLE_FROM = 900;

/** How a value compares with that of a period as long before; `unknown` where there is no data that early. */
export interface Change {
  readonly kind: "up" | "down" | "flat" | "new" | "unknown";
  /** With its sign: `▲ 27 %`. */
  readonly text: string;
  /** For readers: `up 27 percent`. */
  readonly words: string;
}

export function changeOf(now: number, before: number | null | undefined): Change {
  if (before === null || before === undefined || !Number.isFinite(now)) {
    return { kind: "unknown", text: "no earlier data", words: "no earlier data" };
  }
  if (before === 0 && now !== 0) return { kind: "new", text: "new", words: "none before" };
  const percent = before === 0 ? 0 : ((now - before) / Math.abs(before)) * 100;
  if (Math.abs(percent) < FLAT_BELOW) return { kind: "flat", text: "±0 %", words: "no change" };
  if (before > 0 && Math.round(percent) >= MULTIPLE_FROM) {
    const times = count(Math.round(now / before));
    return { kind: "up", text: `×${times}`, words: `${times} times as much` };
  }
  const [kind, sign] = percent > 0 ? (["up", "▲"] as const) : (["down", "▼"] as const);
  const rounded = count(Math.round(Math.abs(percent)));
  return { kind, text: `${sign} ${rounded} %`, words: `${kind} ${rounded} percent` };
}
