import { changeOf } from "../format/change.ts";
import { spoken } from "../format/moment.ts";
import { whole } from "../format/number.ts";
import type { EngagementTimeseriesRow } from "../rows.ts";
import type { Metric } from "../view/view.ts";

/** One bucket of the chosen metric. */
export interface Point {
  /** Where it begins, UTC: its name, also where a clock shows an hour twice. */
  readonly bucket: string;
  /** Where it begins, on the clock of the page's zone. */
  readonly local: string;
  readonly now: number;
  /** The same bucket of the period before; null where there is none. */
  readonly before: number | null;
  /** The range cuts it, or it still runs. */
  readonly isPartial: boolean;
}

export interface Series {
  /** Empty when there is only one. */
  readonly name: string;
  readonly points: readonly Point[];
}

/** The series of an answer, the largest first. */
export function seriesOf(rows: readonly EngagementTimeseriesRow[], metric: Metric): readonly Series[] {
  const names = [...new Set(rows.map(({ series }) => series))];
  const series = names.map((name) => ({
    name,
    points: rows.filter((row) => row.series === name).map((row) => pointOf(row, metric)),
  }));
  const totals = new Map(series.map(({ name, points }) => [name, sum(points)]));
  return series.toSorted((a, b) => (totals.get(b.name) ?? 0) - (totals.get(a.name) ?? 0));
}

function pointOf(row: EngagementTimeseriesRow, metric: Metric): Point {
  const { bucket, bucket_local: local, is_partial } = row;
  return { bucket, local, now: row[metric], before: row[`previous_${metric}`], isPartial: is_partial === 1 };
}

function sum(points: readonly Point[]): number {
  return points.reduce((total, { now }) => total + now, 0);
}

/** The place of a bucket; null for none, and for one that a poll has left behind. */
export function placeOf(points: readonly Point[], bucket: string | null): number | null {
  const place = points.findIndex((point) => point.bucket === bucket);
  return place === -1 ? null : place;
}

/** Whether a point is the bucket that still runs: nobody can tell yet how large it gets. */
export function isRunning(points: readonly Point[], index: number): boolean {
  return index === points.length - 1 && points[index]?.isPartial === true;
}

/** `Mon 23 Nov, 08:00: 68, before 61`, or `… so far`. */
export function spokenPoint(points: readonly Point[], index: number): string {
  const point = points[index];
  if (point === undefined) return "";
  const before = point.before === null ? "" : `, before ${whole(point.before)}`;
  return `${spoken(point.local)}: ${whole(point.now)}${partWords(points, index)}${before}`;
}

/** What to say of a bucket that is no whole one. */
export function partWords(points: readonly Point[], index: number): string {
  if (points[index]?.isPartial !== true) return "";
  return isRunning(points, index) ? " so far" : " of a part";
}

/** How a whole bucket compares; a part of one is not compared. */
export function changeAt({ now, before, isPartial }: Point) {
  return isPartial || before === null ? null : changeOf(now, before);
}
