import type { Row } from "./generate.ts";
import * as people from "./reference/people.ts";
import * as periods from "./reference/periods.ts";
import type { Params } from "./reference/rows.ts";
import * as trends from "./reference/trends.ts";

/** The same question as an endpoint's, answered without SQL. `rows` are those that count, as_of in seconds. */
export type Computation = (rows: readonly Row[], params: Params, asOf: number) => readonly object[];

export const COMPUTATIONS: Readonly<Record<string, Computation>> = {
  trending_content: trends.trendingContent,
  trending_tags: trends.trendingTags,
  interactions_by_platform: periods.interactionsByPlatform,
  platform_engagement: periods.platformEngagement,
  engagement_timeseries: periods.engagementTimeseries,
  breakdown: periods.breakdown,
  best_time_heatmap: periods.bestTimeHeatmap,
  anomaly_feed: periods.anomalyFeed,
  live_pulse: periods.livePulse,
  tag_cooccurrence: periods.tagCooccurrence,
  user_activity_analysis: people.userActivityAnalysis,
  active_users: people.activeUsers,
  retention_cohorts: people.retentionCohorts,
  interaction_funnel: people.interactionFunnel,
  recent_interactions: people.recentInteractions,
  user_timeline: people.userTimeline,
  content_timeline: people.contentTimeline,
};

/** Calls that between them use every own parameter of an endpoint; the rows lie in the four days before as_of. */
export const CALLS: readonly (readonly [pipe: string, params: Params])[] = [
  ["trending_content", {}],
  ["trending_content", { hours_back: 48, limit: 5, offset: 3, min_interactions: 3 }],
  ["trending_content", { hours_back: 3, min_interactions: 1, rank_by: "z" }],
  ["trending_content", { hours_back: 7, min_interactions: 2, rank_by: "velocity" }],
  ["trending_content", { rank_by: "decay", half_life_hours: 2.5, platform: "twitter,YOUTUBE" }],
  ["trending_content", { rank_by: "hot", hours_back: 60 }],
  ["trending_content", { rank_by: "gravity", hours_back: 60, exclude_content_id: "content_giant" }],
  ["trending_content", { hours_back: 8784, min_interactions: 1, limit: 1000 }],
  ...["engagement", "velocity", "decay", "z", "hot", "gravity"].map(
    (rank_by) =>
      ["trending_content", { hours_back: 49, min_interactions: 1, rank_by, half_life_hours: 30 }] as const,
  ),
  ["trending_tags", {}],
  ["trending_tags", { window_minutes: 17, baseline_windows: 100, min_count: 1, rank_by: "decay" }],
  ["trending_tags", { window_minutes: 600, baseline_windows: 3, min_users: 9, rank_by: "chi2" }],
  ["trending_tags", { rank_by: "velocity", half_life_minutes: 33.5, min_users: 1, limit: 4 }],
  ["trending_tags", { rank_by: "growth", exclude_user_id: "user_loud" }],
  ["trending_tags", { rank_by: "acceleration", exclude_bots: 1 }],
  ["interactions_by_platform", {}],
  [
    "interactions_by_platform",
    { start_date: "2025-03-30 01:00:00", end_date: "2025-03-30 22:17:03", compare: "previous" },
  ],
  ["interactions_by_platform", { compare: "year", tag: "été,LAUNCH" }],
  ["platform_engagement", { since: "2025-03-30 10:00:00", compare: "previous" }],
  [
    "platform_engagement",
    { since: "2025-03-30 10:00:00", until: "2025-03-30 20:00:00", compare: "previous_weekday" },
  ],
  ["platform_engagement", { compare: "previous", exclude_tag: "garden,新着" }],
  ["platform_engagement", { interaction_type: "BOOKMARK,share", exclude_platform: "tiktok" }],
  [
    "engagement_timeseries",
    { bucket: "hour", timezone: "Europe/Berlin", compare: "previous", since: "2025-03-29 20:30:00" },
  ],
  ["engagement_timeseries", { bucket: "day", timezone: "Europe/Berlin", compare: "previous" }],
  ["engagement_timeseries", { bucket: "day", timezone: "America/New_York", split_by: "type" }],
  ["engagement_timeseries", { bucket: "week", timezone: "Pacific/Auckland", since: "2025-03-01 00:00:00" }],
  ["engagement_timeseries", { bucket: "month", timezone: "Asia/Kathmandu", since: "2024-12-20 00:00:00" }],
  [
    "engagement_timeseries",
    { bucket: "15minute", timezone: "Asia/Kathmandu", since: "2025-03-30 21:07:00", split_by: "platform" },
  ],
  ["engagement_timeseries", { since: "2025-03-30 15:59:00", until: "2025-03-30 16:31:00" }],
  ["engagement_timeseries", { since: "2025-03-30 15:59:00" }],
  ["engagement_timeseries", { timezone: "Australia/Lord_Howe" }],
  ...["platform", "type", "tag", "user", "content", "hour", "weekday"].map(
    (dimension) => ["breakdown", { dimension, top_n: 3, timezone: "Europe/Berlin" }] as const,
  ),
  ["breakdown", { dimension: "tag", top_n: 100, include_other: 0 }],
  ["breakdown", { dimension: "user", include_other: 0 }],
  // breakdown compares nothing: a comparison must not add the rows of the period before.
  ["breakdown", { dimension: "platform", since: "2025-03-30 00:00:00", compare: "previous" }],
  ["best_time_heatmap", {}],
  [
    "best_time_heatmap",
    {
      timezone: "Europe/Berlin",
      min_samples: 40,
      since: "2025-03-28 10:20:30",
      until: "2025-03-31 09:00:01",
    },
  ],
  ["best_time_heatmap", { timezone: "Asia/Kathmandu" }],
  ["anomaly_feed", { z_threshold: 2, since: "2025-03-28 00:00:00" }],
  [
    "anomaly_feed",
    { z_threshold: 1, bucket_minutes: 7, baseline_windows: 12, since: "2025-03-30 00:00:00", limit: 30 },
  ],
  ["live_pulse", {}],
  ["live_pulse", { minutes: 180, exclude_interaction_type: "like" }],
  ["tag_cooccurrence", {}],
  ["tag_cooccurrence", { min_together: 30, limit: 7 }],
  ["user_activity_analysis", {}],
  ["user_activity_analysis", { min_engagement: -2147483648, sort_by: "engagement", limit: 5, offset: 2 }],
  ["user_activity_analysis", { sort_by: "last", since: "2025-03-30 00:00:00", timezone: "Asia/Tokyo" }],
  ["active_users", {}],
  ["active_users", { platform: "tiktok" }],
  ["retention_cohorts", {}],
  ["retention_cohorts", { period: "day", periods: 5, timezone: "Europe/Berlin" }],
  ["retention_cohorts", { period: "hour", periods: 22, interaction_type: "bookmark", platform: "tiktok" }],
  ["interaction_funnel", {}],
  ["interaction_funnel", { steps: "Post, like,bookmark,share", window_hours: 3 }],
  ["recent_interactions", { limit: 40 }],
  ["recent_interactions", { user_id: "user_1,user_2", since: "2025-03-29 00:00:00" }],
  ["user_timeline", { user_id: "user_loud", limit: 30 }],
  ["user_timeline", { user_id: "user_1", timezone: "America/New_York" }],
  ["content_timeline", { content_id: "content_giant" }],
  ["content_timeline", { content_id: "content_3", bucket_seconds: 7777 }],
];
