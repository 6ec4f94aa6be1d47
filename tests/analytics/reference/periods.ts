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
import { dayNumber, dayOf, localAt, moment, startOfDay, utcText } from "./zone.ts";

const DAY = 86_400;

/** The rows of the period and of the one before; `before` is null where no row at all is that early. */
export interface Period {
  readonly start: number;
  readonly end: number;
  readonly rows: readonly Row[];
  readonly before: readonly Row[] | null;
  readonly beforeStart: number;
}

export function period(all: readonly Row[], params: Params, asOf: number): Period {
  const start = momentOf(params.since ?? params.start_date) ?? asOf - 30 * DAY;
  const inclusive = momentOf(params.end_date);
  const asked = momentOf(params.until) ?? (inclusive === null ? asOf + 1 : inclusive + 1);
  const end = Math.min(asked, asOf + 1);
  const rows = filtered(all, params);
  const within = (from: number, to: number) =>
    rows.filter(({ timestamp }) => timestamp >= from && timestamp < to);
  const shift = shiftOf(String(params.compare ?? "none"), start, asked);
  const earliest = Math.min(...all.map((row) => row.timestamp));
  const before = shift === null || earliest >= shift(end) ? null : within(shift(start), shift(end));
  return { start, end, rows: within(start, end), before, beforeStart: shift?.(start) ?? 0 };
}

function momentOf(value: string | number | undefined): number | null {
  return value === undefined ? null : moment(String(value));
}

function shiftOf(compare: string, start: number, end: number): ((at: number) => number) | null {
  if (compare === "previous") return (at) => at - (end - start);
  if (compare === "previous_weekday") return (at) => at - 7 * DAY * Math.ceil((end - start) / (7 * DAY));
  if (compare !== "year") return null;
  return (at) => {
    const text = utcText(at);
    return moment(`${Number(text.slice(0, 4)) - 1}${text.slice(4)}`);
  };
}

const or0 = (n: number) => (Number.isFinite(n) ? n : 0);

export function interactionsByPlatform(all: readonly Row[], params: Params, asOf: number) {
  const { rows, before } = period(all, params, asOf);
  const key = (row: Row) => JSON.stringify([row.platform, row.interaction_type]);
  const now = groups(rows, key);
  const was = groups(before ?? [], key);
  return [...new Set([...now.keys(), ...was.keys()])]
    .map((pair) => {
      const [platform = "", interaction_type = ""] = JSON.parse(pair) as string[];
      const own = now.get(pair) ?? [];
      const old = was.get(pair) ?? [];
      return {
        platform,
        interaction_type,
        total_interactions: own.length,
        avg_engagement: round4(or0(engagementOf(own) / own.length)),
        total_engagement: engagementOf(own),
        unique_users: usersOf(own),
        share_pct: round4(or0((100 * own.length) / rows.length)),
        previous_interactions: before === null ? null : old.length,
        previous_engagement: before === null ? null : engagementOf(old),
        previous_users: before === null ? null : usersOf(old),
      };
    })
    .toSorted(
      (a, b) =>
        b.total_interactions - a.total_interactions ||
        byName(a.platform, b.platform) ||
        byName(a.interaction_type, b.interaction_type),
    );
}

export function platformEngagement(all: readonly Row[], params: Params, asOf: number) {
  const { rows, before } = period(all, params, asOf);
  const card = (platform: string, own: readonly Row[], old: readonly Row[] | null) => {
    const sorted = own.map((row) => row.engagement_count).toSorted((a, b) => a - b);
    return {
      platform,
      interactions: own.length,
      engagement: engagementOf(own),
      unique_users: usersOf(own),
      engagement_per_interaction: round4(or0(engagementOf(own) / own.length)),
      engagement_per_user: round4(or0(engagementOf(own) / usersOf(own))),
      p50_engagement: quantile(sorted, 0.5),
      p95_engagement: quantile(sorted, 0.95),
      top_type: byFrequency(own.map((row) => row.interaction_type))[0] ?? "",
      previous_interactions: old?.length ?? null,
      previous_engagement: old === null ? null : engagementOf(old),
      previous_unique_users: old === null ? null : usersOf(old),
    };
  };
  const names = [...new Set([...rows, ...(before ?? [])].map((row) => row.platform))];
  const cards = names.map((name) => {
    const of = (list: readonly Row[]) => list.filter((row) => row.platform === name);
    return card(name, of(rows), before && of(before));
  });
  const ordered = cards.toSorted((a, b) => b.interactions - a.interactions || byName(a.platform, b.platform));
  return [...ordered, card("(total)", rows, before)];
}

/** Nearest rank: the smallest value that so great a share of all does not exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}

const SECONDS: Readonly<Record<string, number>> = { minute: 60, "5minute": 300, "15minute": 900, hour: 3600 };

/** Buckets are walked one by one on the zone's own clock. */
export function engagementTimeseries(all: readonly Row[], params: Params, asOf: number) {
  const { start, end, rows, before, beforeStart } = period(all, params, asOf);
  const zone = String(params.timezone ?? "UTC");
  const unit =
    params.bucket === undefined || params.bucket === "auto" ? autoUnit(end - start) : String(params.bucket);
  const edges = edgesOf(unit, start, end, zone);
  const length = edges.length - 1;
  const oldEdges =
    before === null ? [] : edgesOf(unit, beforeStart, beforeStart + (end - start) + 3 * DAY, zone);
  const seriesOf = (row: Row) =>
    params.split_by === "platform" ? row.platform : params.split_by === "type" ? row.interaction_type : "";
  const everything = [...rows, ...(before ?? [])];
  const series =
    (params.split_by ?? "none") === "none" ? [""] : [...new Set(everything.map(seriesOf))].toSorted(byName);
  const place = (row: Row, of: readonly number[]) => {
    const at = of.findIndex((edge, i) => row.timestamp >= edge && row.timestamp < (of[i + 1] ?? Infinity));
    return Math.min(at, length - 1);
  };
  return Array.from({ length }, (_, i) => i).flatMap((i) =>
    series.map((name) => {
      const of = (list: readonly Row[], on: readonly number[]) =>
        list.filter((row) => seriesOf(row) === name && place(row, on) === i);
      const own = of(rows, edges);
      const old = before && of(before, oldEdges);
      const [from = 0, to = 0] = edges.slice(i, i + 2);
      return {
        bucket: utcText(from),
        bucket_local: localAt(from, zone).text,
        interactions: own.length,
        engagement: engagementOf(own),
        unique_users: usersOf(own),
        is_partial: Number(from < start || to > end),
        previous_interactions: old?.length ?? null,
        previous_engagement: old && engagementOf(old),
        previous_unique_users: old && usersOf(old),
        series: name,
      };
    }),
  );
}

function autoUnit(seconds: number): string {
  const steps = [
    [7201, "minute"],
    [43_201, "5minute"],
    [172_801, "15minute"],
    [1_209_601, "hour"],
    [15_552_001, "day"],
  ] as const;
  return steps.find(([most]) => seconds <= most)?.[1] ?? "week";
}

/** Where buckets begin, from the one that holds `start` to the end of the one that holds the last moment. */
function edgesOf(unit: string, start: number, end: number, zone: string): number[] {
  const edges = [firstEdge(unit, start, zone)];
  while ((edges.at(-1) ?? 0) < end) edges.push(nextEdge(unit, edges.at(-1) ?? 0, zone));
  return edges;
}

function firstEdge(unit: string, start: number, zone: string): number {
  const width = SECONDS[unit];
  if (width !== undefined) {
    const [h = 0, m = 0, s = 0] = localAt(start, zone).text.slice(11).split(":").map(Number);
    return start - ((h * 3600 + m * 60 + s) % width);
  }
  const { day, weekday } = localAt(start, zone);
  if (unit === "day") return startOfDay(day, zone);
  if (unit === "week") return startOfDay(dayOf(dayNumber(day) - weekday + 1), zone);
  return startOfDay(`${day.slice(0, 8)}01`, zone);
}

function nextEdge(unit: string, edge: number, zone: string): number {
  const width = SECONDS[unit];
  if (width !== undefined) return edge + width;
  const { day } = localAt(edge, zone);
  if (unit === "day") return startOfDay(dayOf(dayNumber(day) + 1), zone);
  if (unit === "week") return startOfDay(dayOf(dayNumber(day) + 7), zone);
  const [year = 0, month = 0] = day.split("-").map(Number);
  return startOfDay(new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10), zone);
}

export function breakdown(all: readonly Row[], params: Params, asOf: number) {
  const { rows } = period(all, params, asOf);
  const zone = String(params.timezone ?? "UTC");
  const top = Number(params.top_n ?? 10);
  const valuesOf: Readonly<Record<string, (row: Row) => string[]>> = {
    platform: (row) => [row.platform],
    type: (row) => [row.interaction_type],
    tag: (row) => (row.tags.length === 0 ? ["(none)"] : tagsOf(row)),
    user: (row) => [row.user_id],
    content: (row) => [row.content_id],
    hour: (row) => [String(localAt(row.timestamp, zone).hour).padStart(2, "0")],
    weekday: (row) => [String(localAt(row.timestamp, zone).weekday)],
  };
  const values = valuesOf[String(params.dimension)] ?? (() => []);
  const mentions = rows.flatMap((row) => values(row).map((value) => ({ value, row })));
  const ranked = [...groups(mentions, ({ value }) => value)]
    .map(([value, own]) => ({ value, own }))
    .toSorted((a, b) => b.own.length - a.own.length || byName(a.value, b.value));
  if (ranked.length === 0) return [];
  const line = (value: string, of: typeof ranked, position: number | null, kind: string) => {
    const own = of.flatMap((each) => each.own);
    return {
      value,
      interactions: own.length,
      engagement: sum(own.map(({ row }) => row.engagement_count)),
      members: of.length,
      share_pct: round4((100 * own.length) / mentions.length),
      position,
      kind,
    };
  };
  const other = ranked.slice(top);
  return [
    ...ranked.slice(0, top).map((each, i) => line(each.value, [each], i + 1, "value")),
    ...(other.length > 0 && params.include_other !== 0 ? [line("(other)", other, null, "other")] : []),
    line("(total)", ranked, null, "total"),
  ];
}

export function bestTimeHeatmap(all: readonly Row[], params: Params, asOf: number) {
  const hour = asOf - (asOf % 3600);
  const since = params.since ?? utcText(hour - 28 * DAY);
  const { start, end, rows } = period(all, { ...params, since }, asOf);
  const zone = String(params.timezone ?? "UTC");
  const least = Number(params.min_samples ?? 10);
  const cell = (at: number) => {
    const { weekday, hour } = localAt(at, zone);
    return weekday * 24 + hour;
  };
  const seconds = new Map<number, number>();
  for (let at = start - (start % 900); at < end; at += 900) {
    const part = Math.min(at + 900, end) - Math.max(at, start);
    seconds.set(cell(at), (seconds.get(cell(at)) ?? 0) + part);
  }
  const byCell = groups(rows, (row) => cell(row.timestamp));
  return Array.from({ length: 168 }, (_, i) => {
    const own = byCell.get(i + 24) ?? [];
    return {
      day_of_week: 1 + Math.floor(i / 24),
      hour: i % 24,
      interactions: own.length,
      avg_engagement: round4(or0(engagementOf(own) / own.length)),
      enough: Number(own.length >= least),
      hours: round4((seconds.get(i + 24) ?? 0) / 3600),
    };
  });
}

export function anomalyFeed(all: readonly Row[], params: Params, asOf: number) {
  const { start, end } = period(all, params, asOf);
  const width = 60 * Number(params.bucket_minutes ?? 60);
  const k = Number(params.baseline_windows ?? 24);
  const first = Math.ceil(start / width) * width;
  const last = Math.floor(end / width) * width;
  const from = first - k * width;
  const rows = filtered(all, params).filter(
    ({ timestamp }) => timestamp >= from && timestamp < last && timestamp <= asOf,
  );
  const found = [...groups(rows, (row) => row.platform)].flatMap(([platform, own]) => {
    const counts = Array.from({ length: (last - from) / width }, () => 0);
    for (const row of own) {
      const i = Math.floor((row.timestamp - from) / width);
      counts[i] = (counts[i] ?? 0) + 1;
    }
    const begins = counts.findIndex((n) => n > 0);
    return counts.flatMap((n, i) => {
      if (i - k < begins || i < k) return [];
      const { mean, z } = zScore(n, counts.slice(i - k, i));
      const row = { platform, bucket: utcText(from + i * width), n, expected: round4(mean), z: round4(z) };
      return [{ ...row, direction: z > 0 ? "up" : "down" }];
    });
  });
  return found
    .filter(({ z }) => Math.abs(z) >= Number(params.z_threshold ?? 3))
    .toSorted((a, b) => byName(b.bucket, a.bucket) || byName(a.platform, b.platform))
    .slice(0, Number(params.limit ?? 100));
}

export function livePulse(all: readonly Row[], params: Params, asOf: number) {
  const minutes = Number(params.minutes ?? 30);
  const last = asOf - (asOf % 60);
  const rows = filtered(all, params).filter((row) => row.timestamp <= asOf);
  return Array.from({ length: minutes }, (_, i) => {
    const minute = last - 60 * (minutes - 1 - i);
    const own = rows.filter(({ timestamp }) => timestamp >= minute && timestamp < minute + 60);
    return {
      minute: utcText(minute),
      interactions: own.length,
      users: usersOf(own),
      engagement: engagementOf(own),
    };
  });
}

export function tagCooccurrence(all: readonly Row[], params: Params, asOf: number) {
  const { rows } = period(all, params, asOf);
  const tagged = rows.map((row) => tagsOf(row).toSorted(byName).slice(0, 20));
  const singles = groups(tagged.flat(), (name) => name);
  const pairs = groups(
    tagged.flatMap((names) => names.flatMap((a, i) => names.slice(i + 1).map((b) => JSON.stringify([a, b])))),
    (pair) => pair,
  );
  return [...pairs]
    .map(([pair, all]) => {
      const [tag_a = "", tag_b = ""] = JSON.parse(pair) as string[];
      const chance = (singles.get(tag_a)?.length ?? 0) * (singles.get(tag_b)?.length ?? 0);
      return { tag_a, tag_b, together: all.length, lift: round4((all.length * rows.length) / chance) };
    })
    .filter(({ together }) => together >= Number(params.min_together ?? 2))
    .toSorted((a, b) => b.together - a.together || byName(a.tag_a, b.tag_a) || byName(a.tag_b, b.tag_b))
    .slice(0, Number(params.limit ?? 100));
}
