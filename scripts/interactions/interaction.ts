import type { Row } from "@tinybirdco/mockingbird";
import { indexAt, longTailed } from "./distributions.ts";
import { drawRows, numberIn, numbersIn, type RowSchema, stringIn } from "./draw.ts";
import { type Content, type Platform, type Population, population, userName } from "./population.ts";
import { POSTED_BEFORE_STEP, type Postings, postings } from "./postings.ts";
import { type Timeline, timeline } from "./timeline.ts";

export const INTERACTION_TYPES = ["post", "comment", "like", "share"] as const;

/** One row of the data source `social_interactions`. */
export type Interaction = {
  readonly interaction_id: string;
  readonly user_id: string;
  readonly interaction_type: (typeof INTERACTION_TYPES)[number];
  readonly content_id: string;
  readonly platform: Platform;
  /** `YYYY-MM-DD HH:MM:SS`, UTC. */
  readonly timestamp: string;
  /** Text of the content, not of a comment on it. */
  readonly text_content: string;
  /** What this interaction brought; 0 to MAX_ENGAGEMENT. */
  readonly engagement_count: number;
  readonly tags: string[];
};

/** Ours: plausible for one interaction and far below the column's Int32 limit of 2,147,483,647. */
export const MAX_ENGAGEMENT = 5_000_000;
/** Share of the traffic in a burst that is about the burst's own content. */
const BURST_SHARE = 0.6;
/** Interest in a new content halves in this time, down to a floor that old ones keep. */
const HALF_LIFE_MS = 8 * 3_600_000;
const LASTING_INTEREST = 0.2;
/** Contents tried for one row before it goes to one that was there from the start. */
const TRIES = 8;

/** Typical engagement by type, and how heavy its tail is (smaller is heavier). */
const ENGAGEMENT = {
  post: { scale: 40, shape: 1.1 },
  comment: { scale: 8, shape: 1.3 },
  like: { scale: 4, shape: 1.5 },
  share: { scale: 16, shape: 1.15 },
};

const ROW_SCHEMA: RowSchema = {
  interaction_id: { type: "string.uuid" },
  interaction_type: {
    type: "mockingbird.pickWeighted",
    params: [{ values: ["like", "comment", "share"], weights: [70, 18, 12] }],
  },
  candidates: { type: "number.float", params: [{ min: 0, max: 1 }], count: TRIES },
  interest: { type: "number.float", params: [{ min: 0, max: 1 }], count: TRIES },
  user: { type: "number.float", params: [{ min: 0, max: 1 }] },
  burst: { type: "number.float", params: [{ min: 0, max: 1 }] },
  moment: { type: "number.float", params: [{ min: 0, max: 1 }] },
  engagement: { type: "number.float", params: [{ min: 0, max: 1 }] },
};

/** Traffic of a quarter of an hour is this much above or below the usual. The number is prime: no day repeats another. */
const NOISE_SCHEMA: RowSchema = { lift: { type: "number.float", params: [{ min: 0.55, max: 1.45 }] } };
const NOISE_STEPS = 997;

/** Everything a row depends on besides its own draws. */
export type Scene = {
  readonly events: number;
  readonly time: Timeline;
  readonly people: Population;
  readonly posts: Postings;
};

/** A scene over the window `[from, to)`, milliseconds since 1970. */
export function scene(seed: number, events: number, from: number, to: number): Scene {
  const noise = drawRows(NOISE_SCHEMA, NOISE_STEPS, [seed, Math.floor(from / 1_000)]).map((row) =>
    numberIn(row, "lift"),
  );
  const time = timeline(from, to, noise);
  const people = population(seed, events);
  return { events, time, people, posts: postings(people.contents.length, events, time) };
}

/** Rows `first` … `first + count - 1` of the scene, in order of time. */
export function drawInteractions(
  of: Scene,
  first: number,
  count: number,
  key: readonly number[],
): Interaction[] {
  return drawRows(ROW_SCHEMA, count, key).map((row, i) => interaction(of, first + i, row));
}

function interaction(of: Scene, index: number, row: Row): Interaction {
  // Row i lies in the i-th of `events` equal shares of the traffic: in order of time, yet not at even steps.
  const moment = of.time.momentAt((index + numberIn(row, "moment")) / of.events);
  const posted = of.posts.rankAt.get(index);
  const content = contentAt(of, posted ?? reactedRank(of, index, moment, row));
  const type = posted === undefined ? reaction(stringIn(row, "interaction_type")) : "post";
  const { scale, shape } = ENGAGEMENT[type];
  return {
    interaction_id: stringIn(row, "interaction_id"),
    user_id: type === "post" ? content.author : userName(indexAt(of.people.userSums, numberIn(row, "user"))),
    interaction_type: type,
    content_id: content.id,
    platform: content.platform,
    timestamp: new Date(moment).toISOString().slice(0, 19).replace("T", " "),
    text_content: content.text,
    engagement_count: longTailed(numberIn(row, "engagement"), scale, shape, MAX_ENGAGEMENT),
    tags: [...content.tags],
  };
}

function contentAt(of: Scene, rank: number): Content {
  const content = of.people.contents[rank];
  if (!content) throw new RangeError(`No content of rank ${rank} among ${of.people.contents.length}`);
  return content;
}

function reaction(drawn: string): "like" | "comment" | "share" {
  return drawn === "comment" || drawn === "share" ? drawn : "like";
}

/** Rank of the content that a row is about: the burst's, else one that is already there and still interesting. */
function reactedRank(of: Scene, index: number, moment: number, row: Row): number {
  const burst = of.time.burstAt(moment);
  const viral = burst === undefined ? undefined : of.posts.burstRanks[burst];
  if (viral !== undefined && numberIn(row, "burst") < BURST_SHARE && isPosted(of, viral, index)) return viral;
  const ranks = numbersIn(row, "candidates").map((draw) => indexAt(of.people.contentSums, draw));
  const interest = numbersIn(row, "interest");
  const found = ranks.find(
    (rank, i) => isPosted(of, rank, index) && (interest[i] ?? 0) < interestIn(of, rank, moment),
  );
  return found ?? fromTheStart(ranks[0] ?? 0);
}

function isPosted(of: Scene, rank: number, index: number): boolean {
  return (of.posts.rowOf[rank] ?? -1) < index;
}

function interestIn(of: Scene, rank: number, moment: number): number {
  const row = of.posts.rowOf[rank] ?? -1;
  if (row < 0) return LASTING_INTEREST;
  const age = moment - of.time.momentAt((row + 0.5) / of.events);
  return Math.max(LASTING_INTEREST, 2 ** (-age / HALF_LIFE_MS));
}

function fromTheStart(rank: number): number {
  return rank - (rank % POSTED_BEFORE_STEP);
}
