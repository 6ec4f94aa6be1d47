import { nice, ticks } from "d3-array";

/** A value's place on an axis, in pixels. */
export type Scale = (value: number) => number;

/** Values between two places; equal ends lie on the first. */
export function linear(
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): Scale {
  const perUnit = to === from ? 0 : (end - start) / (to - from);
  return (value) => start + (value - from) * perUnit;
}

/** An axis of counts: zero is on it, its ends are round, and so are its ticks. */
export interface CountAxis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

export function countAxis(values: readonly number[], about = 4): CountAxis {
  const lowest = Math.min(0, ...values);
  const highest = Math.max(0, ...values);
  const [from, to] = nice(lowest, highest === lowest ? lowest + 1 : highest, about);
  // Counts are whole: half of one is no place on the axis.
  return { domain: [from, to], ticks: ticks(from, to, about).filter(Number.isInteger) };
}

/** The index whose place is nearest to a pixel, of `count` places at equal distances. */
export function nearest(pixel: number, count: number, [start, end]: readonly [number, number]): number {
  const share = end === start ? 0 : (pixel - start) / (end - start);
  return Math.max(0, Math.min(count - 1, Math.round(share * (count - 1))));
}
