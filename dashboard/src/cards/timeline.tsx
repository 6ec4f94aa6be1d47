import { type Signal, useSignal } from "@preact/signals";
import { changeAt, partWords, placeOf, type Series, seriesOf } from "../charts/point.ts";
import { countAxis } from "../charts/scale.ts";
import { TimeChart } from "../charts/time.tsx";
import { spoken } from "../format/moment.ts";
import { platformName } from "../format/names.ts";
import { count } from "../format/number.ts";
import type { EngagementTimeseriesRow } from "../rows.ts";
import { choose, resources, view } from "../store.ts";
import { SPLITS, type SplitBy } from "../view/view.ts";
import { Card } from "./card.tsx";
import { ChangeText } from "./change.tsx";
import type { Table } from "./table.tsx";
import { METRIC_WORDS } from "./total.ts";

const HEIGHT = 238;

/** Of each of several. */
const SMALL_HEIGHT = 118;

/** Series drawn; the table has all. */
const MOST_SERIES = 6;

const SPLIT_WORDS: Readonly<Record<SplitBy, string>> = {
  none: "All in one line",
  platform: "A line a platform",
  type: "A line a type",
};

/** The range bucket by bucket, beside the period before. */
export function Timeline() {
  const at = useSignal<string | null>(null);
  const { metric, splitBy, timezone } = view.value;
  return (
    <Card
      name="timeline"
      title={METRIC_WORDS[metric]}
      note={timezone}
      resource={resources.timeline}
      isEmpty={(rows) => rows.every(({ interactions }) => interactions === 0)}
      aside={<ReadOut at={at} />}
      actions={SPLITS.filter((split) => split !== splitBy).map((split) => ({
        words: SPLIT_WORDS[split],
        run: () => choose({ splitBy: split }),
      }))}
      table={timelineTable}
    >
      {(rows) => <Charts series={seriesOf(rows, metric)} at={at} />}
    </Card>
  );
}

function Charts({ series, at }: { readonly series: readonly Series[]; readonly at: Signal<string | null> }) {
  const drawn = series.slice(0, MOST_SERIES);
  const axis = countAxis(
    drawn.flatMap(({ points }) => points.flatMap(({ now, before }) => [now, before ?? 0])),
    drawn.length > 1 ? 2 : 4,
  );
  const label = `${METRIC_WORDS[view.value.metric]} over time`;
  const [only] = drawn;
  if (drawn.length === 1 && only?.name === "")
    return <TimeChart label={label} points={only.points} axis={axis} height={HEIGHT} at={at} />;
  return (
    <div class="multiples">
      {drawn.map(({ name, points }) => (
        <figure key={name}>
          <figcaption>
            {platformName(name)}{" "}
            <b>{at.value !== null && count(points.find(({ bucket }) => bucket === at.value)?.now)}</b>
          </figcaption>
          <TimeChart
            label={`${label}, ${platformName(name)}`}
            points={points}
            axis={axis}
            height={SMALL_HEIGHT}
            at={at}
          />
        </figure>
      ))}
    </div>
  );
}

/** What the lines are; while a bucket is chosen, its values, in the same place. */
function ReadOut({ at }: { readonly at: Signal<string | null> }) {
  const series = seriesOf(resources.timeline.known.value.rows ?? [], view.value.metric);
  const points = series[0]?.points ?? [];
  const index = placeOf(points, at.value);
  const point = index === null ? undefined : points[index];
  if (index === null || point === undefined) return <Legend isCompared={view.value.compare !== "none"} />;
  if (series.length > 1) return <b class="read-out">{spoken(point.local)}</b>;
  const change = changeAt(point);
  return (
    <span class="read-out" aria-hidden="true">
      <b>{spoken(point.local)}</b>
      <span class="key now">
        {count(point.now)}
        {partWords(points, index)}
      </span>
      {point.before !== null && <span class="key before">{count(point.before)}</span>}
      {change && <ChangeText change={change} />}
    </span>
  );
}

function Legend({ isCompared }: { readonly isCompared: boolean }) {
  return (
    <span class="legend">
      <span class="key now">this period</span>
      {isCompared && <span class="key before">period before</span>}
      <span class="key part">unfinished bucket</span>
    </span>
  );
}

function timelineTable(rows: readonly EngagementTimeseriesRow[]): Table {
  const isSplit = view.value.splitBy !== "none";
  return {
    columns: [
      `Begins, ${view.value.timezone}`,
      ...(isSplit ? ["Series"] : []),
      "Interactions",
      "before",
      "Engagement",
      "before",
      "Users",
      "before",
    ],
    rows: rows.map((row) => [
      `${row.bucket_local.slice(0, 16)}${row.is_partial === 1 ? " (part)" : ""}`,
      ...(isSplit ? [row.series] : []),
      row.interactions,
      row.previous_interactions,
      row.engagement,
      row.previous_engagement,
      row.unique_users,
      row.previous_unique_users,
    ]),
  };
}
