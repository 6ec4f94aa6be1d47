import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Resource } from "../asking/resource.ts";
import { age } from "../format/age.ts";
import { now } from "../store.ts";
import type { CardName } from "../view/queries.ts";
import { CardMenu } from "./menu.tsx";
import { stateOf } from "./state.ts";
import { type Table, TableView } from "./table.tsx";

interface StripProps<Row> {
  readonly name: CardName;
  readonly title: string;
  readonly resource: Resource<Row>;
  /** Cells that it takes of the strip. */
  readonly cells: number;
  readonly table: (rows: readonly Row[]) => Table;
  /** The cells, given how old they are when they no longer count: `9 s`. */
  readonly children: (rows: readonly Row[], staleFor: string | null) => ComponentChildren;
  /** Beside "Could not load". */
  readonly mark?: ComponentChildren;
}

/** The part of the strip of figures that one answer feeds: a card without a frame. */
export function Strip<Row>(props: StripProps<Row>) {
  const { name, title, resource } = props;
  const known = resource.known.value;
  const state = stateOf(known, () => false);
  const isTable = useSignal(false);
  return (
    <section
      class={`strip ${name}`}
      aria-label={title}
      aria-busy={state === "loading"}
      data-state={state}
      data-changing={known.isChanging ? "" : undefined}
    >
      <CardMenu name={name} title={title} isTable={isTable} />
      <Content {...props} state={state} isTable={isTable.value} />
    </section>
  );
}

type ContentProps<Row> = StripProps<Row> & {
  readonly state: ReturnType<typeof stateOf>;
  readonly isTable: boolean;
};

function Content<Row>({ resource, title, cells, table, children, mark, state, isTable }: ContentProps<Row>) {
  const { rows, fault, answeredAt } = resource.known.value;
  if (state === "error") return <Failed retry={resource.refresh} sentence={fault?.message} mark={mark} />;
  if (rows === null) return <Bones cells={cells} />;
  if (isTable) return <TableView caption={title} {...table(rows)} />;
  const isStale = state === "stale" && answeredAt !== null;
  return <>{children(rows, isStale ? age((now.value - answeredAt) / 1000) : null)}</>;
}

function Bones({ cells }: { readonly cells: number }) {
  return Array.from({ length: cells }, (_, cell) => (
    <div key={cell} class="cell" aria-hidden="true">
      <div class="bone short" />
      <div class="bone tall" />
      <div class="bone" />
    </div>
  ));
}

interface FailedProps {
  readonly sentence: string | undefined;
  readonly mark: ComponentChildren;
  readonly retry: () => void;
}

function Failed({ sentence, mark, retry }: FailedProps) {
  return (
    <div class="cell failed">
      <p class="lead">Could not load this {mark}</p>
      <p class="note" title={sentence}>
        {sentence}
      </p>
      <button type="button" class="link" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

interface FigureProps {
  readonly label: string;
  readonly value: string;
  /** Behind the value; hidden while the figure is stale. */
  readonly mark?: ComponentChildren;
  readonly note: ComponentChildren;
  readonly staleFor: string | null;
}

/** A figure with its name, its change and what it was: light, and without a change, when it is old. */
export function Figure({ label, value, mark, note, staleFor }: FigureProps) {
  return (
    <>
      <span class="label">{label}</span>
      <span class="figure">
        <strong>{value}</strong> {staleFor === null && mark}
      </span>
      <span class="note">{staleFor === null ? note : <b class="stale">stale · {staleFor} old</b>}</span>
    </>
  );
}
