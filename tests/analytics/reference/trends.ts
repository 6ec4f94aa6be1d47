import type { Row } from "../generate.ts";
import {
  byFrequency,
  byName,
  engagementOf,
  filtered,
  groups,
  type Params,
  round4,
  sum,
  tagsOf,
  usersOf,
  zScore,
} from "./rows.ts";
import { utcText } from "./zone.ts";

const WINDOWS = 24;
const DAY = 86_400;

/** How a ranking is cut into windows: 24 of it, or for more than 48 hours whole days up to the last midnight. */
interface Windows {
  readonly seconds: number;
  /** The end of the current one. */
  readonly end: number;
  /** The current ranking, (start, end]. */
  readonly now: readonly [start: number, end: number];
  /** The ranking one window ago. */
  readonly was: readonly [start: number, end: number];
  /** Weight of an interaction in decayed_score is by this age, seconds. */
  readonly age: (moment: number) => number;
}

function windowsOf(hours: number, asOf: number): Windows {
  const start = asOf - hours * 3600;
  if (hours <= 2 * WINDOWS) {
    const seconds = hours * 150;
    const was = [start - seconds, asOf - seconds] as const;
    return { seconds, end: asOf, now: [start, asOf], was, age: (moment) => asOf - moment };
  }
  // Whole days hold their first second and not their last: a second earlier makes (start, end] of them.
  const midnight = asOf - (asOf % DAY) - 1;
  const was = [midnight - Math.floor(hours / 24) * DAY, midnight] as const;
  return {
    seconds: DAY,
    end: midnight,
    now: [start, asOf],
    was,
    age: (moment) => asOf - (moment - (moment % DAY)),
  };
}

const within = (row: Row, [start, end]: readonly [number, number]) =>
  row.timestamp > start && row.timestamp <= end;

/** Content of the last hours, its windows, and the current one's place among those before. */
export function trendingContent(rows: readonly Row[], params: Params, asOf: number) {
  const { hours_back: hours = 24, min_interactions: least = 10, limit = 50, offset = 0 } = params as Numbers;
  const windows = windowsOf(hours, asOf);
  const { seconds, end } = windows;
  const visible = filtered(rows, params).filter(
    (row) =>
      row.timestamp <= asOf && row.timestamp > Math.min(windows.now[0], windows.was[0], end - 26 * seconds),
  );
  const contents = [...groups(visible, (row) => row.content_id)].map(([content_id, own]) => ({
    content_id,
    own: own.filter((row) => within(row, windows.now)),
    users_now: usersOf(own.filter((row) => within(row, [end - seconds, end]))),
    now: measure(own, params, windows, 0),
    was: measure(own, params, windows, 1),
  }));
  const rank = (which: "now" | "was") =>
    contents
      .filter((content) => content[which].interactions >= least)
      .toSorted(
        (a, b) =>
          b[which].score - a[which].score ||
          b[which].engagement - a[which].engagement ||
          b[which].interactions - a[which].interactions ||
          byName(a.content_id, b.content_id),
      );
  const before = rank("was").map(({ content_id }) => content_id);
  return rank("now")
    .map(({ content_id, own, users_now, now }, i) => {
      const latest = own.toSorted(
        (a, b) => b.timestamp - a.timestamp || byName(b.interaction_id, a.interaction_id),
      )[0];
      const place = before.indexOf(content_id);
      const [current = 0, previous = 0] = now.counts;
      return {
        content_id,
        sample_text: latest?.text_content,
        interaction_count: now.interactions,
        total_engagement: now.engagement,
        latest_interaction: utcText(latest?.timestamp ?? 0),
        common_tags: byFrequency(own.flatMap((row) => row.tags)).slice(0, 10),
        unique_users: usersOf(own),
        velocity_per_hour: round4(current / (seconds / 3600)),
        acceleration_per_hour2: round4((current - previous) / (seconds / 3600) ** 2),
        decayed_score: now.decayed,
        z_score: now.z,
        rank: i + 1,
        previous_rank: place === -1 ? null : place + 1,
        n_now: current,
        users_now,
        expected: round4(now.mean),
        window_minutes: seconds / 60,
        platform: byFrequency(own.map((row) => row.platform))[0],
        spark: now.counts.slice(0, WINDOWS + 1).toReversed(),
        window_end: utcText(seconds === DAY && hours > 48 ? end + 1 : end),
      };
    })
    .slice(offset, offset + limit);
}

type Numbers = Readonly<Record<string, number | undefined>>;

/** The sums of one content for the ranking as it is, or as it was `ago` windows ago. */
function measure(rows: readonly Row[], params: Params, windows: Windows, ago: 0 | 1) {
  const { half_life_hours: halfLife = 6, hours_back: hours = 24 } = params as Numbers;
  const { seconds } = windows;
  const end = windows.end - ago * seconds;
  const own = rows.filter((row) => within(row, ago === 0 ? windows.now : windows.was));
  const counts = Array.from(
    { length: WINDOWS + 1 },
    (_, w) => rows.filter((row) => within(row, [end - (w + 1) * seconds, end - w * seconds])).length,
  );
  const { mean, z } = zScore(counts[0] ?? 0, counts.slice(1));
  const engagement = engagementOf(own);
  const weight = (row: Row) => 2 ** (-windows.age(row.timestamp) / (3600 * halfLife));
  const decayed = sum(own.map((row) => (1 + row.engagement_count) * weight(row)));
  const measuredAt = ago === 0 ? windows.now[1] : hours > 48 ? windows.was[1] + 1 : windows.was[1];
  const age = (measuredAt - Math.min(...own.map((row) => row.timestamp))) / 3600;
  const measured = {
    interactions: own.length,
    engagement,
    counts,
    mean,
    z: round4(z),
    decayed: round4(decayed),
  };
  return { ...measured, score: score(measured, String(params.rank_by ?? "engagement"), age) };
}

function score(
  of: { engagement: number; counts: readonly number[]; z: number; decayed: number },
  rankBy: string,
  age: number,
): number {
  const { engagement: s } = of;
  if (rankBy === "velocity") return of.counts[0] ?? 0;
  if (rankBy === "decay") return of.decayed;
  if (rankBy === "z") return of.z;
  if (rankBy === "hot") return Math.sign(s) * Math.log10(Math.max(Math.abs(s), 1)) - (age * 3600) / 45_000;
  if (rankBy === "gravity") return (s > 1 ? (s - 1) ** 0.8 : s - 1) / (age + 2) ** 1.8;
  return s;
}

export function trendingTags(rows: readonly Row[], params: Params, asOf: number) {
  const {
    window_minutes: minutes = 60,
    baseline_windows: k = 24,
    min_count: leastCount = 5,
    min_users: leastUsers = 2,
    half_life_minutes: halfLife = 120,
    limit = 50,
  } = params as Numbers;
  const width = minutes * 60;
  const visible = filtered(rows, params).filter(
    (row) => row.timestamp <= asOf && row.timestamp > asOf - (k + 1) * width,
  );
  const mentions = visible.flatMap((row) => tagsOf(row).map((tag) => ({ tag, row })));
  const tags = [...groups(mentions, ({ tag }) => tag)].map(([tag, all]) => {
    const own = all.map(({ row }) => row);
    const counts = Array.from(
      { length: k + 1 },
      (_, w) => own.filter((row) => Math.floor((asOf - row.timestamp) / width) === w).length,
    );
    const [now = 0, prev = 0] = counts;
    const { mean, deviation, z } = zScore(now, counts.slice(1));
    const expected = Math.max(mean, 1);
    const hours = minutes / 60;
    return {
      tag,
      n_now: now,
      n_prev: prev,
      users_now: usersOf(own.filter((row) => row.timestamp > asOf - width)),
      mu: round4(mean),
      sigma: round4(deviation),
      velocity_per_hour: round4(now / hours),
      acceleration_per_hour2: round4((now - prev) / hours ** 2),
      growth_ratio: round4((now + 1) / (prev + 1)),
      z_score: round4(z),
      chi2_score: now >= leastCount && now > expected ? round4((now - expected) ** 2 / expected) : 0,
      decayed_count: round4(sum(own.map((row) => 2 ** (-(asOf - row.timestamp) / (60 * halfLife))))),
      spark: counts.toReversed(),
    };
  });
  const column = {
    velocity: "velocity_per_hour",
    acceleration: "acceleration_per_hour2",
    growth: "growth_ratio",
    chi2: "chi2_score",
    decay: "decayed_count",
  } as const;
  const by = column[String(params.rank_by) as keyof typeof column] ?? "z_score";
  return tags
    .filter(({ n_now, users_now }) => n_now >= leastCount && users_now >= leastUsers)
    .toSorted((a, b) => b[by] - a[by] || b.n_now - a.n_now || byName(a.tag, b.tag))
    .slice(0, limit);
}
