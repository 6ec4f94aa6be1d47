import { cumulative, indexAt, zipfWeights } from "./distributions.ts";
import { drawRows, numberIn, type RowSchema, stringIn, stringsIn } from "./draw.ts";
import { TOPICS, type Topic } from "./topics.ts";

export const PLATFORMS = [
  "twitter",
  "instagram",
  "facebook",
  "tiktok",
  "linkedin",
  "youtube",
  "reddit",
] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Shares of the contents, in the order of PLATFORMS; our choice, twitter first as in Tinybird's examples. */
const PLATFORM_WEIGHTS = [26, 20, 14, 17, 6, 9, 8];
/** Interactions a content gets on average; every seventh to hundredth one gets far more. */
const EVENTS_PER_CONTENT = 20;
const EVENTS_PER_USER = 5;
/** Bounds keep tiny runs varied and huge ones in memory. */
const MIN_CONTENTS = 2 * PLATFORMS.length;
const MAX_CONTENTS = 20_000;
const MIN_USERS = 50;
/** User names are 20-bit numbers. */
const MAX_USERS = 2 ** 20;

export type Content = {
  readonly id: string;
  readonly platform: Platform;
  readonly author: string;
  readonly text: string;
  readonly tags: readonly string[];
};

/** Who and what there is, most popular first, and how popularity is spread. */
export type Population = {
  readonly contents: readonly Content[];
  /** Running shares of interest, by rank of the content. */
  readonly contentSums: Float64Array;
  readonly userSums: Float64Array;
};

/** Contents and users for a run of `events` interactions; the seed and their number decide who they are. */
export function population(seed: number, events: number): Population {
  const contents = clamp(Math.round(events / EVENTS_PER_CONTENT), MIN_CONTENTS, MAX_CONTENTS);
  const users = clamp(Math.round(events / EVENTS_PER_USER), MIN_USERS, MAX_USERS);
  const userSums = cumulative(zipfWeights(users, 0.8, 10));
  return {
    contents: drawContents(seed, contents, userSums),
    contentSums: cumulative(zipfWeights(contents, 0.95, 6)),
    userSums,
  };
}

/** Name of the user of this rank: an odd multiplier modulo 2^20 hides the rank and keeps names apart. */
export function userName(rank: number): string {
  return `user_${(rank * 648_053 + 77_003) % MAX_USERS}`;
}

function drawContents(seed: number, count: number, userSums: Float64Array): Content[] {
  const basics = drawRows(CONTENT_SCHEMA, count, [seed, count, 0]);
  const texts = TOPICS.map((topic, i) =>
    drawRows(textSchema(topic), Math.ceil(count / TOPICS.length), [seed, count, i + 1]),
  );
  return basics.map((row, rank) => {
    const text = texts[rank % TOPICS.length]?.[Math.floor(rank / TOPICS.length)] ?? {};
    return {
      id: `content_${stringIn(row, "id")}`,
      platform: platformOf(rank, numberIn(row, "platform")),
      author: userName(indexAt(userSums, numberIn(row, "author"))),
      text: stringIn(text, "text"),
      tags: stringsIn(text, "tags"),
    };
  });
}

/** The most popular contents are one a platform, so that none is empty in a small run. */
function platformOf(rank: number, draw: number): Platform {
  const index = rank < PLATFORMS.length ? rank : indexAt(PLATFORM_SUMS, draw);
  return PLATFORMS[index] ?? PLATFORMS[0];
}

const PLATFORM_SUMS = cumulative(PLATFORM_WEIGHTS);

const CONTENT_SCHEMA: RowSchema = {
  id: { type: "string.alphanumeric", params: [{ length: 10, casing: "lower" }] },
  platform: { type: "number.float", params: [{ min: 0, max: 1 }] },
  author: { type: "number.float", params: [{ min: 0, max: 1 }] },
};

function textSchema(topic: Topic): RowSchema {
  return {
    text: { type: "helpers.fake", params: [[...topic.phrases]] },
    tags: { type: "helpers.arrayElements", params: [[...topic.tags], { min: 2, max: 4 }] },
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
