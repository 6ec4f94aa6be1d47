import { momentText } from "../format/moment.ts";
import { FILTERS, RANGE_HOURS, type View } from "./view.ts";

/** One question to an endpoint. */
export interface Query {
  readonly pipe: string;
  readonly params: Readonly<Record<string, string>>;
}

interface Card {
  readonly pipe: string;
  /** Milliseconds between an answer and the next question. */
  readonly every: number;
  /** The window is added when the question leaves: `now` moves, the question stays the same. */
  params(view: View, now: Date): Readonly<Record<string, string>>;
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** Hours that `trending_content` ranks over at most. */
const MAX_HOURS_BACK = 8784;

/** Each card with its endpoint and its pace. */
export const CARDS = {
  pulse: { pipe: "live_pulse", every: 5 * SECOND, params: (view) => ({ ...shared(view), minutes: "30" }) },
  figures: {
    pipe: "platform_engagement",
    every: 15 * SECOND,
    params: (view, now) => ({ ...shared(view), ...period(view, now), ...compared(view) }),
  },
  quality: {
    pipe: "data_quality",
    every: 10 * SECOND,
    params: (view, now) => ({ ...shared(view), ...period(view, now) }),
  },
  timeline: {
    pipe: "engagement_timeseries",
    every: 15 * SECOND,
    params: (view, now) => ({
      ...shared(view),
      ...period(view, now),
      ...compared(view),
      bucket: "auto",
      timezone: view.timezone,
      ...(view.splitBy !== "none" && { split_by: view.splitBy }),
    }),
  },
  matrix: {
    pipe: "interactions_by_platform",
    every: 30 * SECOND,
    params: (view, now) => ({ ...shared(view), ...period(view, now), ...compared(view) }),
  },
  board: {
    pipe: "trending_content",
    every: 15 * SECOND,
    params: (view, now) => ({
      ...shared(view),
      ...rankedAt(view, now),
      hours_back: String(hoursBack(view)),
      rank_by: view.rankBy,
      limit: "8",
    }),
  },
  tags: {
    pipe: "trending_tags",
    every: 15 * SECOND,
    params: (view, now) => ({
      ...shared(view),
      ...rankedAt(view, now),
      window_minutes: String(tagWindowMinutes(view)),
      limit: "8",
    }),
  },
  heatmap: {
    pipe: "best_time_heatmap",
    every: 600 * SECOND,
    params: (view) => ({ ...shared(view), timezone: view.timezone, min_samples: "10" }),
  },
  feed: {
    pipe: "recent_interactions",
    every: 5 * SECOND,
    params: (view) => ({ ...shared(view), limit: "20" }),
  },
  platforms: {
    pipe: "breakdown",
    every: Number.POSITIVE_INFINITY,
    params: ({ asOf }) => ({
      dimension: "platform",
      top_n: "8",
      include_other: "0",
      ...(asOf !== null && { as_of: asOf }),
    }),
  },
} as const satisfies Readonly<Record<string, Card>>;

export type CardName = keyof typeof CARDS;

export function queryOf(card: CardName, view: View, now: Date): Query {
  const { pipe, params } = CARDS[card];
  return { pipe, params: params(view, now) };
}

/** Far enough to lie behind every custom range. */
const SOME_MOMENT = new Date("2100-01-01T00:00:00Z");

/** What a reader's change changes and the clock does not: two equal ones are one question. */
export function questionOf(card: CardName, view: View): string {
  return queryString(queryOf(card, view, SOME_MOMENT));
}

/** `trending_tags?limit=8&…`, as it stands in a URL. */
export function queryString({ pipe, params }: Query, suffix = ""): string {
  return `${pipe}${suffix}?${new URLSearchParams(params)}`;
}

/** Hours that the chosen range is long. */
export function hoursOf({ range, custom }: View): number {
  if (custom === null || range !== "custom") return RANGE_HOURS[range === "custom" ? "24h" : range];
  return (Date.parse(`${custom.until}Z`) - Date.parse(`${custom.since}Z`)) / HOUR;
}

function hoursBack(view: View): number {
  return Math.min(MAX_HOURS_BACK, Math.max(1, Math.ceil(hoursOf(view))));
}

/** Minutes of the windows that the board compares: `trending_content` cuts up to 48 hours into 24, then it takes days. */
export function boardWindow(view: View): number {
  const hours = hoursBack(view);
  return hours <= 48 ? (hours * 60) / 24 : 24 * 60;
}

/** Minutes of the window in which tags are counted: short ranges ask for what is short. */
export function tagWindowMinutes(view: View): 5 | 15 | 60 {
  const hours = hoursOf(view);
  if (hours <= 1) return 5;
  return hours <= 6 ? 15 : 60;
}

/** The filters that every card but the list of platforms takes. */
function shared(view: View): Record<string, string> {
  const lists = FILTERS.flatMap((name) => {
    const names = view.filters[name] ?? [];
    return names.length === 0 ? [] : [[name, names.join(",")]];
  });
  return {
    ...Object.fromEntries(lists),
    ...(view.excludeBots && { exclude_bots: "1" }),
    ...(view.asOf !== null && { as_of: view.asOf }),
  };
}

/** Half-open; the second of the answer itself is in it. */
function period(view: View, now: Date): Record<string, string> {
  if (view.custom !== null) return view.custom;
  const end = (view.asOf === null ? now.getTime() : Date.parse(`${view.asOf}Z`)) + SECOND;
  return {
    since: momentText(new Date(end - hoursOf(view) * HOUR)),
    until: momentText(new Date(end)),
  };
}

function compared({ compare }: View): Record<string, string> {
  return compare === "none" ? {} : { compare };
}

/** A ranking of a custom range that is over is that of its end. */
function rankedAt({ custom, asOf }: View, now: Date): Record<string, string> {
  if (custom === null || asOf !== null || custom.until > momentText(now)) return {};
  return { as_of: custom.until };
}
