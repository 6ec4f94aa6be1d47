/** One row as it is sent; `timestamp` in seconds since 1970. */
export interface Row {
  readonly interaction_id: string;
  readonly user_id: string;
  readonly interaction_type: string;
  readonly content_id: string;
  readonly platform: string;
  readonly timestamp: number;
  readonly text_content: string;
  readonly engagement_count: number;
  readonly tags: readonly string[];
}

const PLATFORMS = ["Twitter", "twitter", "instagram", "TikTok", "YouTube", "Ünïverse"];
const TYPES = ["like", "like", "like", "comment", "share", "post", "Bookmark"];
const TAGS = ["launch", "Launch", "garden", "été", "ÉTÉ", "新着", "🍮", "tea", "it's", 'a"b', "", "50%"];
const ZERO_WEIGHT_SHARE = 0.1;

/** Uniform numbers in [0, 1) from a seed: equal seeds give equal rows (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Rows in [from, to), seconds: popularity is skewed, one content and one user are giants, tags are unicode and may repeat
 * in other case, engagement is now and then negative or near the limits of Int32. Each draw is independent.
 */
export function generate(seed: number, count: number, from: number, to: number): Row[] {
  const next = random(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(next() * items.length)] as Item;
  const skewed = (size: number) => Math.floor(size * next() ** 4);
  return Array.from({ length: count }, (_, i) => ({
    interaction_id: `int_${seed}_${i}`,
    user_id: next() < 0.2 ? "user_loud" : next() < 0.1 ? `bot_${skewed(5)}` : `user_${skewed(60)}`,
    interaction_type: pick(TYPES),
    content_id: next() < 0.3 ? "content_giant" : `content_${skewed(40)}`,
    platform: pick(PLATFORMS),
    // Later hours are busier, so that something accelerates.
    timestamp: from + Math.floor((to - from) * next() ** 0.7),
    text_content: next() < 0.5 ? "" : `text ${i} “ü”\n`,
    engagement_count: engagement(next),
    tags: Array.from({ length: Math.floor(next() * 5) }, () => pick(TAGS)),
  }));
}

function engagement(next: () => number): number {
  const kind = next();
  if (kind < ZERO_WEIGHT_SHARE) return 0;
  if (kind < 0.13) return -Math.floor(next() * 20);
  if (kind < 0.135) return 2_147_483_647 - Math.floor(next() * 5);
  if (kind < 0.14) return -2_147_483_648 + Math.floor(next() * 5);
  return Math.floor(4 / (1 - next() * 0.99));
}

/** What a sender with retries sends: every row again, some of them first with a smaller engagement. */
export function resent(rows: readonly Row[], seed: number): Row[] {
  const next = random(seed);
  const earlier = rows
    .filter(() => next() < 0.2)
    .map((row) => ({
      ...row,
      engagement_count: Math.max(-2_147_483_648, row.engagement_count - 1 - Math.floor(next() * 9)),
    }));
  return shuffled([...rows, ...earlier], next);
}

function shuffled<Item>(items: readonly Item[], next: () => number): Item[] {
  const order = items.map((item) => ({ item, key: next() }));
  return order.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
}
