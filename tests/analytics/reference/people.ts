import type { Row } from "../generate.ts";
import { period } from "./periods.ts";
import { byName, engagementOf, filtered, groups, isBot, type Params, round4, sum } from "./rows.ts";
import { dayNumber, dayOf, localAt, moment, startOfDay, utcText } from "./zone.ts";

const DAY = 86_400;

export function userActivityAnalysis(all: readonly Row[], params: Params, asOf: number) {
  const since = moment(String(params.since ?? "2023-01-01 00:00:00"));
  const least = Number(params.min_engagement ?? 5);
  const zone = String(params.timezone ?? "UTC");
  const rows = filtered(all, params).filter(
    (row) => row.timestamp >= since && row.timestamp <= asOf && row.engagement_count >= least,
  );
  const users = [...groups(rows, (row) => row.user_id)].map(([user_id, own]) => ({
    user_id,
    total_interactions: own.length,
    interaction_diversity: new Set(own.map((row) => row.interaction_type)).size,
    total_engagement: engagementOf(own),
    last_interaction: utcText(Math.max(...own.map((row) => row.timestamp))),
    first_interaction: utcText(Math.min(...own.map((row) => row.timestamp))),
    active_days: new Set(own.map((row) => localAt(row.timestamp, zone).day)).size,
    by_type: countsOf(own),
  }));
  const offset = Number(params.offset ?? 0);
  return users
    .toSorted(
      (a, b) =>
        (params.sort_by === "engagement" ? b.total_engagement - a.total_engagement : 0) ||
        (params.sort_by === "last" ? byName(b.last_interaction, a.last_interaction) : 0) ||
        b.total_interactions - a.total_interactions ||
        b.total_engagement - a.total_engagement ||
        byName(a.user_id, b.user_id),
    )
    .slice(offset, offset + Number(params.limit ?? 100));
}

function countsOf(rows: readonly Row[]): Record<string, number> {
  const types = [...groups(rows, (row) => row.interaction_type)].map(
    ([type, own]) => [type, own.length] as const,
  );
  return Object.fromEntries(types.toSorted(([a], [b]) => byName(a, b)));
}

export function activeUsers(all: readonly Row[], params: Params, asOf: number) {
  const rows = filtered(all, params).filter(
    (row) => row.timestamp <= asOf && row.timestamp > asOf - 30 * DAY,
  );
  const users = [...groups(rows, (row) => row.user_id).values()].map((own) =>
    own.map((row) => row.timestamp),
  );
  const dau = users.filter((moments) => Math.max(...moments) > asOf - DAY).length;
  const fresh = users.filter((moments) => Math.min(...moments) > asOf - DAY).length;
  return [
    {
      dau,
      wau: users.filter((moments) => Math.max(...moments) > asOf - 7 * DAY).length,
      mau: users.length,
      stickiness: users.length === 0 ? 0 : round4(dau / users.length),
      new_users: fresh,
      returning_users: dau - fresh,
    },
  ];
}

export function retentionCohorts(all: readonly Row[], params: Params, asOf: number) {
  const unit = String(params.period ?? "week");
  const periods = Number(params.periods ?? 8);
  const zone = String(params.timezone ?? "UTC");
  const numberOf = (at: number) => {
    if (unit === "hour") return Math.floor(at / 3600);
    const day = dayNumber(localAt(at, zone).day);
    return unit === "day" ? day : Math.floor((day + 3) / 7);
  };
  const reach = { hour: 3600, day: 90_000, week: 608_400 }[unit] ?? 0;
  const last = numberOf(asOf);
  const rows = filtered(all, params).filter(
    (row) => row.timestamp <= asOf && row.timestamp > asOf - 2 * periods * reach,
  );
  const users = [...groups(rows, (row) => row.user_id).values()].map(
    (own) => new Set(own.map((row) => numberOf(row.timestamp))),
  );
  const cohorts = groups(users, (seen) => Math.min(...seen));
  return [...cohorts]
    .filter(([cohort]) => cohort > last - periods)
    .toSorted(([a], [b]) => a - b)
    .flatMap(([cohort, members]) =>
      Array.from({ length: last - cohort + 1 }, (_, i) => {
        const back = members.filter((seen) => seen.has(cohort + i)).length;
        const pct = round4((100 * back) / members.length);
        return { cohort: utcText(startOf(cohort)), period: i, users: back, pct };
      }),
    );

  function startOf(number: number): number {
    if (unit === "hour") return number * 3600;
    return startOfDay(dayOf(unit === "day" ? number : number * 7 - 3), zone);
  }
}

export function interactionFunnel(all: readonly Row[], params: Params, asOf: number) {
  const { rows } = period(all, params, asOf);
  const steps = String(params.steps ?? "like,comment,share")
    .split(",")
    .map((step) => step.trim().toLowerCase());
  const within = 3600 * Number(params.window_hours ?? 24);
  const furthest = [...groups(rows, (row) => row.user_id).values()].map((own) => reach(own, steps, within));
  const reached = steps.map((_, i) => furthest.filter((level) => level > i).length);
  const share = (n: number, of: number) => (of === 0 ? 0 : round4((100 * n) / of));
  return steps.map((interaction_type, i) => ({
    step: i + 1,
    interaction_type,
    users: reached[i] ?? 0,
    pct_of_first: share(reached[i] ?? 0, reached[0] ?? 0),
    pct_of_previous: share(reached[i] ?? 0, reached[Math.max(i - 1, 0)] ?? 0),
  }));
}

/** From each first step the earliest following ones are taken: the best that any choice could do. */
function reach(rows: readonly Row[], steps: readonly string[], within: number): number {
  const sorted = rows.toSorted((a, b) => a.timestamp - b.timestamp);
  const is = (row: Row, step: number) => row.interaction_type.toLowerCase() === steps[step];
  const starts = sorted.filter((row) => is(row, 0));
  return Math.max(
    0,
    ...starts.map((first) => {
      let at = first.timestamp;
      let level = 1;
      while (level < steps.length) {
        const next = sorted.find(
          (row) => is(row, level) && row.timestamp >= at && row.timestamp <= first.timestamp + within,
        );
        if (next === undefined) break;
        at = next.timestamp;
        level++;
      }
      return level;
    }),
  );
}

const newestFirst = (a: Row, b: Row) =>
  b.timestamp - a.timestamp || byName(b.interaction_id, a.interaction_id);

const fields = (row: Row) => ({
  interaction_type: row.interaction_type,
  content_id: row.content_id,
  platform: row.platform,
  timestamp: utcText(row.timestamp),
  text_content: row.text_content,
  engagement_count: row.engagement_count,
  tags: row.tags,
});

export function recentInteractions(all: readonly Row[], params: Params, asOf: number) {
  const { rows } = period(all, params, asOf);
  return rows
    .toSorted(newestFirst)
    .slice(0, Number(params.limit ?? 50))
    .map((row) => ({
      interaction_id: row.interaction_id,
      user_id: row.user_id,
      ...fields(row),
      is_bot: Number(isBot(row)),
      next_cursor: `${utcText(row.timestamp)},${row.interaction_id}`,
    }));
}

export function userTimeline(all: readonly Row[], params: Params, asOf: number) {
  const { rows } = period(all, params, asOf);
  const zone = String(params.timezone ?? "UTC");
  const days = new Set(rows.map((row) => dayNumber(localAt(row.timestamp, zone).day)));
  const lastDay = Math.max(...days);
  let streak = 0;
  while (days.has(lastDay - streak)) streak++;
  return rows
    .toSorted(newestFirst)
    .slice(0, Number(params.limit ?? 50))
    .map((row, i) => ({
      interaction_id: row.interaction_id,
      ...fields(row),
      next_cursor: `${utcText(row.timestamp)},${row.interaction_id}`,
      total_rows: i === 0 ? rows.length : null,
      streak_days: i === 0 ? streak : null,
      by_type: i === 0 ? countsOf(rows) : {},
    }));
}

export function contentTimeline(all: readonly Row[], params: Params, asOf: number) {
  const rows = filtered(all, params).filter((row) => row.timestamp <= asOf);
  if (rows.length === 0) return [];
  const width = Number(params.bucket_seconds ?? 3600);
  const born = Math.min(...rows.map((row) => row.timestamp));
  const places = groups(rows, (row) => Math.floor((row.timestamp - born) / width));
  const counts = Array.from({ length: Math.max(...places.keys()) + 1 }, (_, i) => places.get(i) ?? []);
  const until = (i: number) => sum(counts.slice(0, i + 1).map((own) => own.length));
  const half = counts.findIndex((_, i) => 2 * until(i) >= rows.length) * width;
  return counts.map((own, i) => ({
    age_seconds: i * width,
    interactions: own.length,
    engagement: engagementOf(own),
    running_share: round4(until(i) / rows.length),
    half_life_seconds: half,
  }));
}
