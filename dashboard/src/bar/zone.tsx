import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { listedZones, zoneNamed } from "../format/zone.ts";
import { browserZone, choose, view } from "../store.ts";

/** What the last line of the list says; no zone has such a name. */
const OTHER = "Other …";

/** The zone of every time on the page: one of a list, or any other by its name. */
export function Zone() {
  const isTyping = useSignal(false);
  const list = useRef<HTMLSelectElement>(null);
  if (!isTyping.value) return <List select={list} type={() => (isTyping.value = true)} />;
  const close = () => {
    isTyping.value = false;
    // Behind the drawing: the list is not there yet.
    setTimeout(() => list.current?.focus());
  };
  return <Typed close={close} leave={() => (isTyping.value = false)} />;
}

interface ListProps {
  readonly select: { current: HTMLSelectElement | null };
  /** Asked for a field to type in. */
  readonly type: () => void;
}

/** All others come into the list when somebody reaches for it. */
function List({ select, type }: ListProps) {
  const hasAll = useSignal(false);
  const { timezone } = view.value;
  const fill = () => {
    hasAll.value = true;
  };
  return (
    <select
      ref={select}
      class="control zone"
      aria-label="Time zone"
      value={timezone}
      onFocus={fill}
      onPointerEnter={fill}
      onChange={({ currentTarget: { value } }) => (value === OTHER ? type() : choose({ timezone: value }))}
    >
      {zones(timezone, hasAll.value).map((zone) => (
        <option key={zone} value={zone}>
          {zone.replaceAll("_", " ")}
        </option>
      ))}
      <option value={OTHER}>{OTHER}</option>
    </select>
  );
}

/** The reader's own zone, UTC and the chosen one, then the others, each once. */
function zones(chosen: string, hasAll: boolean): readonly string[] {
  return [...new Set([browserZone, "UTC", chosen, ...(hasAll ? listedZones() : [])])];
}

interface TypedProps {
  /** Back to the list, which gets the focus. */
  readonly close: () => void;
  /** Back to the list; the focus is elsewhere. */
  readonly leave: () => void;
}

/** Enter takes the name when it is one; Escape goes back. */
function Typed({ close, leave }: TypedProps) {
  const field = useRef<HTMLInputElement>(null);
  // Before the next key: it is typed into the field already.
  useLayoutEffect(() => field.current?.focus(), []);
  const take = (input: HTMLInputElement) => {
    const timezone = zoneNamed(input.value);
    input.setCustomValidity(timezone === null ? "An IANA name is expected, such as Europe/Berlin" : "");
    if (timezone === null) return void input.reportValidity();
    choose({ timezone });
    close();
  };
  return (
    <input
      ref={field}
      class="control zone"
      aria-label="Time zone, IANA name"
      placeholder="Europe/Berlin"
      spellcheck={false}
      onInput={({ currentTarget }) => currentTarget.setCustomValidity("")}
      onKeyDown={(event) => {
        if (event.key === "Enter") take(event.currentTarget);
        if (event.key === "Escape") close();
      }}
      onBlur={leave}
    />
  );
}
