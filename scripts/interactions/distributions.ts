/** Weights of ranks 0 … count-1 by Zipf-Mandelbrot, `1 / (rank + 1 + shift) ^ exponent`; not normalised. */
export function zipfWeights(count: number, exponent: number, shift: number): number[] {
  return Array.from({ length: count }, (_, rank) => (rank + 1 + shift) ** -exponent);
}

/** Running sums of the weights divided by their total: the last entry is 1. Weights must not all be 0. */
export function cumulative(weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sums = new Float64Array(weights.length);
  let running = 0;
  weights.forEach((weight, i) => {
    running += weight;
    sums[i] = running / total;
  });
  return sums;
}

/** Index of the first running sum above `draw` (0 ≤ draw < 1), by bisection. */
export function indexAt(sums: Float64Array, draw: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 1) > draw) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * A whole number from a Lomax (Pareto II) distribution: mostly small, now and then very large.
 * `scale` is about the median for shape 1; values above `max` become `max`.
 */
export function longTailed(draw: number, scale: number, shape: number, max: number): number {
  return Math.min(max, Math.floor(scale * ((1 - draw) ** (-1 / shape) - 1)));
}
