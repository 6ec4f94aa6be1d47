import { type Signal, useSignal } from "@preact/signals";
import { type Cell, Heat } from "../charts/heat.tsx";
import { quantileStep } from "../charts/steps.ts";
import { count, ratio } from "../format/number.ts";
import type { BestTimeHeatmapRow } from "../rows.ts";
import { resources, view } from "../store.ts";
import { Card } from "./card.tsx";
import type { Table } from "./table.tsx";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));

/** When it is busy: the hours of the week, the darker the more. */
export function Heatmap() {
  const at = useSignal<number | null>(null);
  return (
    <Card
      name="heatmap"
      title="When it is busy"
      note={`last 28 days · ${view.value.timezone}`}
      resource={resources.heatmap}
      isEmpty={(rows) => rows.every(({ interactions }) => interactions === 0)}
      aside={<Scale at={at} />}
      table={heatmapTable}
    >
      {(rows) => (
        <Heat
          label="Interactions by hour of the week"
          cells={cellsOf(rows)}
          rows={DAYS}
          columns={HOURS}
          at={at}
        />
      )}
    </Card>
  );
}

/** The steps from less to more; while a cell is chosen, what it says, in the same place. */
function Scale({ at }: { readonly at: Signal<number | null> }) {
  const row = at.value === null ? undefined : resources.heatmap.known.value.rows?.[at.value];
  if (row !== undefined)
    return (
      <span class="read-out" aria-hidden="true">
        {wordsOf(row)}
      </span>
    );
  return (
    <span class="legend scale">
      less
      {[0, 1, 2, 3, 4].map((step) => (
        <i key={step} class={`s${step}`} />
      ))}
      more
    </span>
  );
}

/** A fair mean: how often the hour occurred is known, also at the ends and on days when clocks change. */
function meanOf({ interactions, hours }: BestTimeHeatmapRow): number {
  return hours > 0 ? interactions / hours : 0;
}

function cellsOf(rows: readonly BestTimeHeatmapRow[]): readonly Cell[] {
  const step = quantileStep(rows.filter(({ enough }) => enough === 1).map(meanOf));
  return rows.map((row) => ({
    step: row.enough === 1 ? step(meanOf(row)) : null,
    words: wordsOf(row),
  }));
}

/** `Mon 08:00: 12.3 an hour, 49 in all` */
function wordsOf(row: BestTimeHeatmapRow): string {
  const when = `${DAYS[row.day_of_week - 1]} ${HOURS[row.hour]}:00`;
  if (row.enough !== 1) return `${when}: too few to tell, ${count(row.interactions)} in all`;
  return `${when}: ${ratio(meanOf(row))} an hour, ${count(row.interactions)} in all`;
}

function heatmapTable(rows: readonly BestTimeHeatmapRow[]): Table {
  return {
    columns: ["Hour", "Interactions", "An hour", "Engagement, mean", "Enough to tell"],
    rows: rows.map((row) => [
      `${DAYS[row.day_of_week - 1]} ${HOURS[row.hour]}:00`,
      row.interactions,
      meanOf(row),
      row.avg_engagement,
      row.enough === 1 ? "yes" : "no",
    ]),
  };
}
