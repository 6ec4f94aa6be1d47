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

/** Content of the last hours, 24 windows of them and the current one's place among those before. */
export function trendingContent(rows: readonly Row[], params: Params, asOf: number) {
  const { hours_back: hours = 24, min_interactions: least = 10, limit = 50, offset = 0 } = params as Numbers;
  const width = hours * 150;
  const visible = filtered(rows, params).filter(
    (row) => row.timestamp <= asOf && row.timestamp > asOf - 26 * width,
  );
  const contents = [...groups(visible, (row) => row.content_id)].map(([content_id, own]) => {
    const now = measure(own, params, asOf, asOf);
    const was = measure(own, params, asOf - width, asOf);
    return { content_id, own, now, was };
  });
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
    .map((content, i) => {
      const { content_id, own, now } = content;
      const inHours = own.filter((row) => row.timestamp > asOf - hours * 3600);
      const latest = inHours.toSorted(
        (a, b) => b.timestamp - a.timestamp || byName(b.interaction_id, a.interaction_id),
      )[0];
      const place = before.indexOf(content_id);
      return {
        content_id,
        sample_text: latest?.text_content,
        interaction_count: now.interactions,
        total_engagement: now.engagement,
        latest_interaction: utcText(latest?.timestamp ?? 0),
        common_tags: byFrequency(inHours.flatMap((row) => row.tags)).slice(0, 10),
        unique_users: usersOf(inHours),
        velocity_per_hour: round4((now.counts[0] ?? 0) / (width / 3600)),
        acceleration_per_hour2: round4(((now.counts[0] ?? 0) - (now.counts[1] ?? 0)) / (width / 3600) ** 2),
        decayed_score: now.decayed,
        z_score: now.z,
        rank: i + 1,
        previous_rank: place === -1 ? null : place + 1,
        n_now: now.counts[0],
        users_now: usersOf(inHours.filter((row) => row.timestamp > asOf - width)),
        expected: round4(now.mean),
        window_minutes: width / 60,
        platform: byFrequency(inHours.map((row) => row.platform))[0],
        spark: now.counts.slice(0, WINDOWS + 1).toReversed(),
      };
    })
    .slice(offset, offset + limit);
}

type Numbers = Readonly<Record<string, number | undefined>>;

/** The sums of one content for the ranking as it was at `end`; ages are counted from `asOf`. */
function measure(rows: readonly Row[], params: Params, end: number, asOf: number) {
  const { hours_back: hours = 24, half_life_hours: halfLife = 6 } = params as Numbers;
  const width = hours * 150;
  const own = rows.filter((row) => row.timestamp <= end && row.timestamp > end - hours * 3600);
  const counts = Array.from(
    { length: WINDOWS + 1 },
    (_, w) => rows.filter((row) => Math.floor((end - row.timestamp) / width) === w && row.timestamp <= end).length,
  );
  const { mean, z } = zScore(counts[0] ?? 0, counts.slice(1));
  const engagement = engagementOf(own);
  const decayed = sum(
    own.map((row) => (1 + row.engagement_count) * 2 ** (-(asOf - row.timestamp) / (3600 * halfLife))),
  );
  const age = (end - Math.min(...own.map((row) => row.timestamp))) / 3600;
  const measured = { interactions: own.length, engagement, counts, mean, z: round4(z), decayed: round4(decayed) };
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
