import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { age } from "../format/age.ts";
import { deed, platformName } from "../format/names.ts";
import type { RecentInteractionsRow } from "../rows.ts";
import { now, resources, view } from "../store.ts";
import { Card } from "./card.tsx";
import { heldWords, newerThan } from "./held.ts";
import type { Table } from "./table.tsx";

/** Rows shown at once. */
const ROWS = 9;

const GLYPHS: Readonly<Record<string, string>> = { comment: "❝", like: "♥", post: "✎", share: "↗" };

/** The rows that stand still, null while they follow. */
type Held = readonly RecentInteractionsRow[] | null;

/** Single interactions, the newest first. It stands still while it is read. */
export function Feed() {
  const held = useSignal<Held>(null);
  useSignalEffect(() => {
    // Rows of another question are not what the reader wants to go on reading.
    if (resources.feed.known.value.isChanging) held.value = null;
  });
  const { rows } = resources.feed.known.value;
  const waiting = held.value === null ? 0 : newerThan(held.value, rows ?? []);
  return (
    <Card
      name="feed"
      title="As it happens"
      note="newest first"
      resource={resources.feed}
      aside={held.value !== null && <span class="held">{heldWords(waiting)}</span>}
      table={feedTable}
    >
      {(latest) => (
        <Holding held={held} latest={latest}>
          <ol class="stream">
            {(held.value ?? latest).slice(0, ROWS).map((row) => (
              <Row key={row.interaction_id} row={row} />
            ))}
          </ol>
        </Holding>
      )}
    </Card>
  );
}

interface HoldingProps {
  readonly held: Signal<Held>;
  readonly latest: readonly RecentInteractionsRow[];
  readonly children: ComponentChildren;
}

/** Holds the rows from when pointer or focus comes in until both are out. */
function Holding({ held, latest, children }: HoldingProps) {
  const hold = () => {
    held.value ??= latest;
  };
  const release = (element: HTMLElement) => {
    if (!element.matches(":hover, :focus-within")) held.value = null;
  };
  return (
    <section
      class="holding"
      aria-label="Newest interactions"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: who reads by key holds it too
      tabIndex={0}
      onPointerEnter={hold}
      onPointerLeave={({ currentTarget }) => release(currentTarget)}
      onFocusIn={hold}
      onFocusOut={({ currentTarget }) => setTimeout(() => release(currentTarget))}
    >
      {children}
    </section>
  );
}

function Row({ row }: { readonly row: RecentInteractionsRow }) {
  const text = row.text_content || row.content_id;
  return (
    <li>
      <span class="glyph" aria-hidden="true">
        {GLYPHS[row.interaction_type] ?? "•"}
      </span>
      <span class="said">
        <span class="note">
          <b dir="auto">{row.user_id}</b> {deed(row.interaction_type)} {platformName(row.platform)}
        </span>
        <span class="user" dir="auto" title={text}>
          {text}
        </span>
      </span>
      <span class="note">{ageOf(row.timestamp)}</span>
    </li>
  );
}

/** Counted from the moment that a frozen page is for. */
function ageOf(timestamp: string): string {
  const { asOf } = view.value;
  const end = asOf === null ? now.value : Date.parse(`${asOf}Z`);
  return age((end - Date.parse(`${timestamp}Z`)) / 1000);
}

function feedTable(rows: readonly RecentInteractionsRow[]): Table {
  return {
    columns: ["Moment, UTC", "User", "Type", "Platform", "Text", "Engagement", "Tags"],
    rows: rows.map((row) => [
      row.timestamp,
      row.user_id,
      row.interaction_type,
      platformName(row.platform),
      row.text_content,
      row.engagement_count,
      row.tags.join(", "),
    ]),
  };
}
