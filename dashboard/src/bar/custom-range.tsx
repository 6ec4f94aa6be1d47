import { useSignal } from "@preact/signals";
import { Popover } from "../cards/popover.tsx";
import { localText, utcOfLocal } from "../format/moment.ts";
import { choose, view } from "../store.ts";
import { isPeriod, MAX_DAYS } from "../view/address.ts";
import { hoursOf } from "../view/queries.ts";
import type { View } from "../view/view.ts";

/** Two moments of the reader's choice, on the clock of the page's zone. */
export function CustomRange() {
  const { range, custom, timezone } = view.value;
  return (
    <Popover label="Custom range" face="Custom" class="control" isPressed={range === "custom"}>
      {(close) => <Form key={`${custom?.since} ${timezone}`} close={close} />}
    </Popover>
  );
}

function Form({ close }: { readonly close: () => void }) {
  const { timezone } = view.value;
  const ends = useSignal(endsOf(view.peek(), new Date()));
  const complaint = useSignal("");
  const apply = (event: Event) => {
    event.preventDefault();
    const since = utcOfLocal(`${ends.peek().since.replace("T", " ")}:00`, timezone);
    const until = utcOfLocal(`${ends.peek().until.replace("T", " ")}:00`, timezone);
    if (!isPeriod(since, until)) {
      complaint.value = `The end must be later than the beginning, by ${MAX_DAYS} days at most`;
      return;
    }
    choose({ range: "custom", custom: { since, until } });
    close();
  };
  return (
    <form class="custom" onSubmit={apply}>
      {(["since", "until"] as const).map((end) => (
        <label key={end}>
          {end === "since" ? "From" : "To, not included"}
          <input
            type="datetime-local"
            required
            value={ends.value[end]}
            onInput={({ currentTarget }) => {
              ends.value = { ...ends.peek(), [end]: currentTarget.value };
            }}
          />
        </label>
      ))}
      <p class="note">{timezone}</p>
      <p class="complaint" role="alert">
        {complaint.value}
      </p>
      <button type="submit" class="control">
        Show
      </button>
    </form>
  );
}

/** The range that is shown, as the inputs write it. */
function endsOf(shown: View, now: Date): { readonly since: string; readonly until: string } {
  const { custom, timezone } = shown;
  const until = custom === null ? now : new Date(`${custom.until}Z`);
  const since =
    custom === null ? new Date(now.getTime() - hoursOf(shown) * 3_600_000) : new Date(`${custom.since}Z`);
  const write = (moment: Date) => localText(moment, timezone).slice(0, 16).replace(" ", "T");
  return { since: write(since), until: write(until) };
}
