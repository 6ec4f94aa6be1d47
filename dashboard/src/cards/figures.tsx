import { Spark } from "../charts/spark.tsx";
import { age } from "../format/age.ts";
import { platformName } from "../format/names.ts";
import { count, NOTHING, ratio } from "../format/number.ts";
import type { DataQualityRow, LivePulseRow, PlatformEngagementRow } from "../rows.ts";
import { choose, now, pace, resources, view } from "../store.ts";
import { type Compare, METRICS } from "../view/view.ts";
import { ChangeMark } from "./change.tsx";
import { freshnessOf, NO_ANSWER } from "./freshness.ts";
import { pulseOf } from "./pulse.ts";
import { Figure, Strip } from "./strip.tsx";
import type { Table } from "./table.tsx";
import { METRIC_WORDS, TOTAL, type Total, totalOf } from "./total.ts";

/** The key figures: how much now, how much in the range, and how fresh it is. */
export function Figures() {
  return (
    <div class="card figures">
      <PulseFigure />
      <Totals />
      <Newest />
    </div>
  );
}

function PulseFigure() {
  const table = (rows: readonly LivePulseRow[]): Table => ({
    columns: ["Minute, UTC", "Interactions", "Users", "Engagement"],
    rows: rows.map((row) => [row.minute, row.interactions, row.users, row.engagement]),
  });
  return (
    <Strip name="pulse" title="Per minute, last 5" resource={resources.pulse} cells={1} table={table}>
      {(rows, staleFor) => {
        const pulse = pulseOf(rows);
        return (
          <div class="cell">
            <Figure
              label="Per minute, last 5"
              value={ratio(pulse.now)}
              mark={pulse.now !== null && <ChangeMark now={pulse.now} before={pulse.before} />}
              note={`${ratio(pulse.before)} the 5 min before`}
              staleFor={staleFor}
            />
            <Spark counts={pulse.counts} width={114} height={56} />
          </div>
        );
      }}
    </Strip>
  );
}

/** What the period before is called behind its value. */
const BEFORE: Readonly<Record<Compare, string>> = {
  previous: "before",
  previous_weekday: "same weekday before",
  year: "a year before",
  none: "",
};

function Totals() {
  return (
    <Strip name="figures" title="Key figures" resource={resources.figures} cells={4} table={platformsTable}>
      {(rows, staleFor) => {
        const total = totalOf(rows);
        return (
          <>
            {METRICS.map((metric) => (
              <button
                key={metric}
                type="button"
                class="cell"
                aria-pressed={view.value.metric === metric}
                onClick={() => choose({ metric })}
              >
                <TotalFigure label={METRIC_WORDS[metric]} total={total[metric]} staleFor={staleFor} />
              </button>
            ))}
            <div class="cell">
              <TotalFigure
                label="Engagement a user"
                total={total.engagement_per_user}
                write={ratio}
                staleFor={staleFor}
              />
            </div>
          </>
        );
      }}
    </Strip>
  );
}

interface TotalFigureProps {
  readonly label: string;
  readonly total: Total;
  readonly write?: (value: number) => string;
  readonly staleFor: string | null;
}

function TotalFigure({ label, total: { now, before }, write = count, staleFor }: TotalFigureProps) {
  const { compare } = view.value;
  const isCompared = compare !== "none";
  const note = before === null ? "no earlier data" : `${write(before)} ${BEFORE[compare]}`;
  return (
    <Figure
      label={label}
      value={write(now)}
      mark={isCompared && before !== null && <ChangeMark now={now} before={before} />}
      note={isCompared ? note : "not compared"}
      staleFor={staleFor}
    />
  );
}

function platformsTable(rows: readonly PlatformEngagementRow[]): Table {
  return {
    columns: ["Platform", "Interactions", "before", "Engagement", "before", "Users", "before", "A user"],
    rows: rows.map((row) => [
      row.platform === TOTAL ? "All" : platformName(row.platform),
      row.interactions,
      row.previous_interactions,
      row.engagement,
      row.previous_engagement,
      row.unique_users,
      row.previous_unique_users,
      row.engagement_per_user,
    ]),
  };
}

function Newest() {
  const { fault } = resources.quality.known.value;
  return (
    <Strip
      name="quality"
      title="Newest row"
      resource={resources.quality}
      cells={1}
      table={qualityTable}
      mark={fault && <Mark {...NO_ANSWER} />}
    >
      {([row], staleFor) => {
        const seconds = newestAge(row);
        return (
          <div class="cell">
            <Figure
              label="Newest row"
              value={seconds === null ? NOTHING : age(seconds)}
              mark={<Mark {...freshnessOf(seconds)} />}
              note={`${count(row?.duplicate_rows)} duplicates · ${ratio(row?.bot_pct)} % bots`}
              staleFor={staleFor}
            />
          </div>
        );
      }}
    </Strip>
  );
}

/** Seconds; they grow between two answers, but not on a page that stands still. */
function newestAge(row: DataQualityRow | undefined): number | null {
  const { answeredAt } = resources.quality.known.value;
  if (row?.freshness_seconds == null || answeredAt === null) return null;
  const since = pace.value === "live" ? Math.max(0, now.value - answeredAt) / 1000 : 0;
  return row.freshness_seconds + since;
}

function Mark({ glyph, word }: { readonly glyph: string; readonly word: string }) {
  return (
    <span class={`mark ${word.replace(" ", "-")}`}>
      <span aria-hidden="true">{glyph}</span> {word}
    </span>
  );
}

const QUALITY = [
  ["rows", "Rows that arrived"],
  ["distinct_ids", "Different interactions"],
  ["duplicate_rows", "Duplicates, counted once"],
  ["late_rows", "An hour late or more"],
  ["future_rows", "Later than now"],
  ["quarantined_rows", "In quarantine"],
  ["unknown_type", "Of unknown type"],
  ["negative_engagement", "Negative engagement"],
  ["missing_keys", "Without an id"],
  ["untagged", "Without a tag"],
  ["bot_pct", "Bots, %"],
  ["freshness_seconds", "Age of the newest, s"],
] as const satisfies readonly (readonly [keyof DataQualityRow, string])[];

function qualityTable([row]: readonly DataQualityRow[]): Table {
  return {
    columns: ["What", "How many"],
    rows: QUALITY.map(([column, words]) => [words, row?.[column] ?? null]),
  };
}
