import { numberedStep } from "../charts/steps.ts";
import { platformName } from "../format/names.ts";
import { count, whole } from "../format/number.ts";
import type { InteractionsByPlatformRow } from "../rows.ts";
import { choose, resources, view } from "../store.ts";
import { type FilterName, toggled } from "../view/view.ts";
import { Card } from "./card.tsx";
import { ChangeMark } from "./change.tsx";
import { type Grid, type GridRow, gridOf } from "./grid.ts";
import type { Table } from "./table.tsx";

/** What the card has room for; the table has all. */
const ROOM = { platforms: 8, types: 5 } as const;

/** Which platform does what. */
export function Matrix() {
  return (
    <Card
      name="matrix"
      title="Platform × type"
      note={
        <Rest platforms={new Set(resources.matrix.known.value.rows?.map(({ platform }) => platform)).size} />
      }
      resource={resources.matrix}
      table={matrixTable}
    >
      {(rows) => <Field grid={gridOf(rows, ROOM)} />}
    </Card>
  );
}

/** What is not drawn is told. */
function Rest({ platforms }: { readonly platforms: number }) {
  return platforms > ROOM.platforms ? <>and {platforms - ROOM.platforms} more</> : null;
}

/** Rows that have room to be high. */
const HIGH_ROWS = 6;

function Field({ grid }: { readonly grid: Grid }) {
  return (
    <table class={grid.rows.length > HIGH_ROWS ? "field dense" : "field"}>
      <caption class="unseen">Interactions by platform and type</caption>
      <thead>
        <tr>
          <td />
          {grid.types.map((type) => (
            <th key={type} scope="col">
              <Head filter="interaction_type" value={type} words={type} />
            </th>
          ))}
          <th scope="col" class="number">
            all
          </th>
        </tr>
      </thead>
      <tbody>
        {grid.rows.map((row) => (
          <Row key={row.platform} row={row} grid={grid} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, grid }: { readonly row: GridRow; readonly grid: Grid }) {
  return (
    <tr>
      <th scope="row">
        <Head filter="platform" value={row.platform} words={platformName(row.platform)} />
      </th>
      {row.counts.map((n, column) => (
        <td key={grid.types[column]} class={n === 0 ? "none" : `s${numberedStep(n, grid.largest)}`}>
          {count(n)}
        </td>
      ))}
      <td class="total">
        <b title={whole(row.total)}>{count(row.total)}</b>
        {row.before !== null && <ChangeMark now={row.total} before={row.before} />}
      </td>
    </tr>
  );
}

interface HeadProps {
  readonly filter: FilterName;
  readonly value: string;
  readonly words: string;
}

/** The name of a row or column; pressed, the page shows only it. */
function Head({ filter, value, words }: HeadProps) {
  return (
    <button
      type="button"
      class="text"
      dir="auto"
      title={words}
      aria-pressed={view.value.filters[filter]?.includes(value) === true}
      onClick={() => choose(toggled(view.peek(), filter, value))}
    >
      {words}
    </button>
  );
}

function matrixTable(rows: readonly InteractionsByPlatformRow[]): Table {
  return {
    columns: ["Platform", "Type", "Interactions", "before", "Engagement", "Mean", "Users", "Share, %"],
    rows: rows.map((row) => [
      platformName(row.platform),
      row.interaction_type,
      row.total_interactions,
      row.previous_interactions,
      row.total_engagement,
      row.avg_engagement,
      row.unique_users,
      row.share_pct,
    ]),
  };
}
