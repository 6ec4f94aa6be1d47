import { quantileSorted } from "d3-array";

/** Steps of the one hue, from the faintest. */
export type Step = 0 | 1 | 2 | 3 | 4;

const STEPS = 5;

/** Five steps with as many of the values in each; equal values share one. */
export function quantileStep(values: readonly number[]): (value: number) => Step {
  const sorted = values.toSorted((a, b) => a - b);
  const edges = [1, 2, 3, 4].map((i) => quantileSorted(sorted, i / STEPS) ?? 0);
  return (value) => edges.filter((edge) => value > edge).length as Step;
}

/** Five steps by the root of the share of the largest, so that small counts can be told apart. */
export function rootStep(value: number, largest: number): Step {
  if (!(largest > 0) || !(value > 0)) return 0;
  return Math.min(STEPS - 1, Math.floor(Math.sqrt(value / largest) * STEPS)) as Step;
}

/** As `rootStep`, for a ground that carries a number: on the fourth step neither ink can be read well enough. */
export function numberedStep(value: number, largest: number): Step {
  const step = rootStep(value, largest);
  return step === 3 ? 2 : step;
}
