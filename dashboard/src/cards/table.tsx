import { useSignal } from "@preact/signals";
import { number } from "../format/number.ts";

/** Rows at first, and with each press: a longer table costs every update a tenth of a second. */
const PAGE = 100;

/** A text, or a number; null where there is none. */
export type Cell = string | number | null;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The content of a card as a table; the first column names the row. */
export function TableView({ caption, columns, rows }: Table & { readonly caption: string }) {
  const shown = useSignal(PAGE);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <section class="scroll" aria-label={`${caption}, table`} tabIndex={0}>
      <table class="plain">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col" class={classOf(rows[0]?.[index])}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown.value).map((row, index) => (
            <Row key={index} cells={row} />
          ))}
        </tbody>
      </table>
      {rows.length > shown.value && (
        <button type="button" class="control" onClick={() => (shown.value += PAGE)}>
          Show {Math.min(PAGE, rows.length - shown.value)} more
        </button>
      )}
    </section>
  );
}

function Row({ cells }: { readonly cells: readonly Cell[] }) {
  const [first, ...rest] = cells;
  return (
    <tr>
      <th scope="row" dir="auto">
        {textOf(first)}
      </th>
      {rest.map((cell, index) => (
        <td key={index} dir="auto" class={classOf(cell)}>
          {textOf(cell)}
        </td>
      ))}
    </tr>
  );
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === "string" ? cell : number(cell);
}

/** Numbers stand below each other by their ends. */
function classOf(cell: Cell | undefined): string | undefined {
  return typeof cell === "string" ? undefined : "number";
}
