import { useSignal } from "@preact/signals";

/** Rows at first, and with each press: a longer table costs every update a tenth of a second. */
const PAGE = 100;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
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
            {columns.map((column) => (
              <th key={column} scope="col">
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

function Row({ cells }: { readonly cells: readonly (string | number)[] }) {
  const [first, ...rest] = cells;
  return (
    <tr>
      <th scope="row" dir="auto">
        {first}
      </th>
      {rest.map((cell, index) => (
        <td key={index} dir="auto" class={typeof cell === "number" ? "number" : undefined}>
          {cell}
        </td>
      ))}
    </tr>
  );
}
