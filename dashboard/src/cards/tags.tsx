import { Spark } from "../charts/spark.tsx";
import { duration } from "../format/age.ts";
import { count, ratio } from "../format/number.ts";
import type { TrendingTagsRow } from "../rows.ts";
import { choose, resources, view } from "../store.ts";
import { tagWindowMinutes } from "../view/queries.ts";
import { toggled } from "../view/view.ts";
import { Card } from "./card.tsx";
import type { Table } from "./table.tsx";
import { ZMark } from "./z.tsx";

/** The z of a full bar: fixed, so that bars do not jump. */
const FULL_AT = 10;

/** Tags above their usual, the most unusual first. */
export function Tags() {
  return (
    <Card
      name="tags"
      title="Tags accelerating"
      note={`last ${duration(tagWindowMinutes(view.value))}`}
      resource={resources.tags}
      table={tagsTable}
    >
      {(rows) => (
        <ul class="bars">
          {rows.map((row, place) => (
            <Row key={place} row={row} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Row({ row: { tag, n_now, mu, z_score, spark } }: { readonly row: TrendingTagsRow }) {
  const share = Math.max(0, Math.min(1, z_score / FULL_AT));
  return (
    <li>
      <span class="extent" style={{ width: `${share * 100}%` }} />
      <button
        type="button"
        class="text"
        dir="auto"
        title={`#${tag}`}
        aria-pressed={view.value.filters.tag?.includes(tag) === true}
        onClick={() => choose(toggled(view.peek(), "tag", tag))}
      >
        #{tag}
      </button>
      <Spark counts={spark} width={60} height={26} />
      <span class="counts">
        <b>{count(n_now)}</b>
        <span class="note">{ratio(mu)} usual</span>
      </span>
      <ZMark z={z_score} />
    </li>
  );
}

function tagsTable(rows: readonly TrendingTagsRow[]): Table {
  return {
    columns: ["Tag", "Now", "Usual", "Spread", "Users", "z"],
    rows: rows.map((row) => [`#${row.tag}`, row.n_now, row.mu, row.sigma, row.users_now, row.z_score]),
  };
}
