import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Resource } from "../asking/resource.ts";
import { age } from "../format/age.ts";
import { now, view } from "../store.ts";
import type { CardName } from "../view/queries.ts";
import { hasFilters } from "../view/view.ts";
import { type Action, CardMenu } from "./menu.tsx";
import { emptyWords, stateOf } from "./state.ts";
import { type Table, TableView } from "./table.tsx";

export interface CardProps<Row> {
  readonly name: CardName;
  readonly title: string;
  readonly note?: ComponentChildren;
  /** Legend, read-out or switch, in the head. */
  readonly aside?: ComponentChildren;
  /** More lines of its menu. */
  readonly actions?: readonly Action[];
  readonly resource: Resource<Row>;
  /** Rows that are all zero are no content either. Default: no rows. */
  readonly isEmpty?: (rows: readonly Row[]) => boolean;
  /** The same content for eyes and hands that prefer a table. */
  readonly table: (rows: readonly Row[]) => Table;
  readonly children: (rows: readonly Row[]) => ComponentChildren;
}

/** Head, menu and the one state that holds. */
export function Card<Row>(props: CardProps<Row>) {
  const { name, title, note, aside, resource, isEmpty = (rows) => rows.length === 0 } = props;
  const known = resource.known.value;
  const state = stateOf(known, isEmpty);
  const isTable = useSignal(false);
  return (
    <section
      class={`card ${name}`}
      aria-labelledby={`${name}-title`}
      aria-busy={state === "loading"}
      data-state={state}
      data-changing={known.isChanging ? "" : undefined}
    >
      <header class="head">
        <h2 id={`${name}-title`} tabIndex={-1}>
          {title}
        </h2>
        {note && <span class="note">{note}</span>}
        <div class="aside">{aside}</div>
        {state === "stale" && <Badge answeredAt={known.answeredAt} />}
        <CardMenu name={name} title={title} isTable={isTable} actions={props.actions} />
      </header>
      <div class="body">
        <Content {...props} state={state} isTable={isTable.value} />
      </div>
      {state === "stale" && <Retry resource={resource} sentence={known.fault?.message ?? ""} />}
    </section>
  );
}

type ContentProps<Row> = CardProps<Row> & {
  readonly state: ReturnType<typeof stateOf>;
  readonly isTable: boolean;
};

function Content<Row>({ resource, state, isTable, title, table, children }: ContentProps<Row>) {
  const { rows, fault } = resource.known.value;
  if (state === "error") return <Failed sentence={fault?.message ?? ""} retry={resource.refresh} />;
  if (state === "loading" || rows === null) return <Skeleton />;
  if (state === "empty") return <Empty />;
  return isTable ? <TableView caption={title} {...table(rows)} /> : children(rows);
}

const SKELETON_BARS = [0, 1, 2, 3, 4];

function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      {SKELETON_BARS.map((bar) => (
        <div key={bar} class="bone" />
      ))}
    </div>
  );
}

function Empty() {
  return (
    <div class="centred">
      <p class="lead">Nothing here</p>
      <p>{emptyWords(hasFilters(view.value))}</p>
    </div>
  );
}

function Failed({ sentence, retry }: { readonly sentence: string; readonly retry: () => void }) {
  return (
    <div class="centred">
      <p class="lead">Could not load this</p>
      <p>{sentence}</p>
      <button type="button" class="control" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

function Badge({ answeredAt }: { readonly answeredAt: number | null }) {
  return <span class="badge">Stale · {age((now.value - (answeredAt ?? now.value)) / 1000)} old</span>;
}

function Retry<Row>({ resource, sentence }: { readonly resource: Resource<Row>; readonly sentence: string }) {
  const isFinal = resource.known.value.fault?.isFinal === true;
  return (
    <p class="foot">
      {sentence.replace(/\.?$/, ".")} {!isFinal && "Trying again by itself. "}
      <button type="button" class="link" onClick={resource.refresh}>
        Try now
      </button>
    </p>
  );
}
