import type { PlatformEngagementRow } from "../rows.ts";
import type { Metric } from "../view/view.ts";

/** The endpoint's name for the row of all platforms: users do not add up. */
export const TOTAL = "(total)";

export const METRIC_WORDS: Readonly<Record<Metric, string>> = {
  interactions: "Interactions",
  engagement: "Engagement",
  unique_users: "Unique users",
};

/** A figure and what it was in the period before; null where there is no data that early. */
export interface Total {
  readonly now: number;
  readonly before: number | null;
}

export type Totals = Readonly<Record<Metric | "engagement_per_user", Total>>;

export function totalOf(rows: readonly PlatformEngagementRow[]): Totals {
  const row = rows.find(({ platform }) => platform === TOTAL);
  return {
    interactions: { now: row?.interactions ?? 0, before: row?.previous_interactions ?? null },
    engagement: { now: row?.engagement ?? 0, before: row?.previous_engagement ?? null },
    unique_users: { now: row?.unique_users ?? 0, before: row?.previous_unique_users ?? null },
    engagement_per_user: { now: row?.engagement_per_user ?? 0, before: perUserBefore(row) },
  };
}

function perUserBefore(row: PlatformEngagementRow | undefined): number | null {
  const { previous_engagement: engagement = null, previous_unique_users: users = null } = row ?? {};
  if (engagement === null || users === null) return null;
  return users === 0 ? 0 : engagement / users;
}
