import { type Signal, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Step } from "./steps.ts";
import { cellTo } from "./walk.ts";

export interface Cell {
  /** Null where there are too few samples to tell. */
  readonly step: Step | null;
  readonly words: string;
}

interface HeatProps {
  readonly label: string;
  /** Rows from top to bottom, each as long as `columns`. */
  readonly cells: readonly Cell[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** The cell under the pointer or the focus, null for none. */
  readonly at: Signal<number | null>;
}

/** A field of cells with one Tab stop; arrows go from cell to cell, and each one speaks. */
export function Heat({ label, cells, rows, columns, at }: HeatProps) {
  const stop = useSignal(0);
  const root = useRef<HTMLTableElement>(null);
  const move = (event: KeyboardEvent) => {
    const next = cellTo(event, stop.peek(), columns.length, cells.length);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    stop.value = next;
    root.current?.querySelector<HTMLElement>(`[data-cell="${next}"]`)?.focus();
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is what a table with a walking stop is
    <table ref={root} class="heat" role="grid" aria-label={label} onKeyDown={move}>
      <tbody>
        {rows.map((row, r) => (
          <tr key={row}>
            <th scope="row">{row}</th>
            {columns.map((column, c) => {
              const index = r * columns.length + c;
              return <HeatCell key={column} index={index} cell={cells[index]} stop={stop} at={at} />;
            })}
          </tr>
        ))}
      </tbody>
      <tfoot aria-hidden="true">
        <tr>
          <td />
          {columns.map((column) => (
            <td key={column}>{column}</td>
          ))}
        </tr>
      </tfoot>
    </table>
  );
}

interface HeatCellProps {
  readonly index: number;
  readonly cell: Cell | undefined;
  readonly stop: Signal<number>;
  readonly at: Signal<number | null>;
}

function HeatCell({ index, cell, stop, at }: HeatCellProps) {
  const step = cell?.step ?? null;
  const choose = () => {
    at.value = index;
  };
  const leave = () => {
    at.value = null;
  };
  return (
    <td
      data-cell={index}
      class={step === null ? "few" : `s${step}`}
      tabIndex={stop.value === index ? 0 : -1}
      aria-label={cell?.words}
      onFocus={() => {
        stop.value = index;
        choose();
      }}
      onBlur={leave}
      onPointerEnter={choose}
      onPointerLeave={leave}
    />
  );
}
