/** One question of the benchmark. */
export interface Call {
  readonly what: string;
  readonly pipe: string;
  readonly params: Readonly<Record<string, string>>;
  /** Whether rollups can answer it: then it is also asked of the rows, as the floor. */
  readonly isRolledUp: boolean;
  /** Milliseconds that p95 should stay under at 100 million rows. */
  readonly aim: number;
}

/** The moment that is asked for; the rows lie in the 90 days before it. */
export const AS_OF = "2026-03-01 13:37:21";

const DAY_BEFORE = "2026-02-28 13:37:22";
const WEEK_BEFORE = "2026-02-22 13:37:22";

const dashboard = (what: string, pipe: string, params: Call["params"], isRolledUp = false): Call => ({
  what,
  pipe,
  params,
  isRolledUp,
  aim: 150,
});

/** What a dashboard asks, for a day and for 30 days (the default period). */
export const CALLS: readonly Call[] = [
  { ...dashboard("trending_content 24 h", "trending_content", { hours_back: "24" }), aim: 60 },
  {
    ...dashboard("trending_content 24 h by z", "trending_content", {
      hours_back: "24",
      rank_by: "z",
      limit: "8",
    }),
  },
  { ...dashboard("trending_content 30 d", "trending_content", { hours_back: "720" }, true), aim: 100 },
  dashboard(
    "trending_content 30 d by z",
    "trending_content",
    { hours_back: "720", rank_by: "z", limit: "8" },
    true,
  ),
  dashboard("platform_engagement 24 h", "platform_engagement", { since: DAY_BEFORE }),
  dashboard("platform_engagement 30 d, compared", "platform_engagement", { compare: "previous" }, true),
  dashboard("engagement_timeseries 24 h", "engagement_timeseries", { since: DAY_BEFORE }),
  dashboard(
    "engagement_timeseries 7 d, compared",
    "engagement_timeseries",
    { since: WEEK_BEFORE, compare: "previous" },
    true,
  ),
  dashboard(
    "engagement_timeseries 30 d, Berlin",
    "engagement_timeseries",
    { timezone: "Europe/Berlin" },
    true,
  ),
  dashboard(
    "interactions_by_platform 30 d, compared",
    "interactions_by_platform",
    { compare: "previous" },
    true,
  ),
  dashboard("best_time_heatmap 28 d", "best_time_heatmap", {}, true),
  dashboard("trending_tags 25 × 60 min", "trending_tags", { limit: "8" }),
  dashboard("trending_tags 25 × 5 min", "trending_tags", { window_minutes: "5", limit: "8" }),
  dashboard("live_pulse 30 min", "live_pulse", {}),
  dashboard("recent_interactions, first page", "recent_interactions", { limit: "20" }),
  dashboard("data_quality 1 h", "data_quality", { since: "2026-03-01 12:37:21" }),
  dashboard("breakdown of tags, 24 h", "breakdown", { dimension: "tag", since: DAY_BEFORE }),
  dashboard("anomaly_feed 24 h", "anomaly_feed", { since: DAY_BEFORE }),
];
