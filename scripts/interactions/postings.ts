import { BURST_STARTS, type Timeline } from "./timeline.ts";

/** Every third rank was posted before the window opened, the most popular one among them. */
export const POSTED_BEFORE_STEP = 3;
/** Multiples of the golden section fall evenly over an interval and never in step with the ranks. */
const GOLDEN_SHARE = 0.618_033_988_75;

/** When contents appear, in rows: `rowOf[rank]` is the row that posts it, -1 for one posted before the window. */
export type Postings = {
  readonly rowOf: Int32Array;
  readonly rankAt: ReadonlyMap<number, number>;
  /** Rank of the content that each burst is about. */
  readonly burstRanks: readonly number[];
};

/**
 * Spreads the posts of the window over its rows; the contents of the bursts are posted right before them.
 * At most every second row is a post.
 */
export function postings(contents: number, events: number, time: Timeline): Postings {
  const rowOf = new Int32Array(contents).fill(-1);
  const rankAt = new Map<number, number>();
  const burstRanks = BURST_STARTS.map((_, i) => Math.min(contents - 1, 1 + POSTED_BEFORE_STEP * (2 * i + 1)));
  const place = (rank: number, wanted: number) => {
    let row = wanted;
    while (rankAt.has(row)) row = (row + 1) % events;
    rowOf[rank] = row;
    rankAt.set(row, rank);
  };
  burstRanks.forEach((rank, i) => {
    if (rowOf[rank] === -1 && rankAt.size < events / 2)
      place(rank, rowBefore(time.bursts[i] ?? 0, events, time));
  });
  for (let rank = 1; rank < contents && rankAt.size < events / 2; rank++) {
    if (rank % POSTED_BEFORE_STEP === 0 || rowOf[rank] !== -1) continue;
    place(rank, Math.floor(((rank * GOLDEN_SHARE) % 1) * events));
  }
  return { rowOf, rankAt, burstRanks };
}

/** The last row that is surely before `moment`, by bisection over the rows. */
function rowBefore(moment: number, events: number, time: Timeline): number {
  let low = 0;
  let high = events - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (time.momentAt((middle + 1) / events) < moment) low = middle;
    else high = middle - 1;
  }
  return low;
}
