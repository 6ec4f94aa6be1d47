import { useSignal } from "@preact/signals";
import { Popover } from "../cards/popover.tsx";
import { copy } from "../copy.ts";
import { momentText } from "../format/moment.ts";
import { browserZone, view } from "../store.ts";
import { writeAddress } from "../view/address.ts";

/** A link to what is seen: one that stays live, or one that keeps this moment. */
export function Share() {
  const said = useSignal("");
  const put = (asOf: string | null) =>
    copy(linkTo(asOf)).then(
      () => (said.value = "Copied"),
      (error: Error) => (said.value = error.message),
    );
  return (
    <Popover label="Share" face="Share">
      {() => (
        <>
          <button type="button" onClick={() => put(null)}>
            Copy live link
          </button>
          <button type="button" onClick={() => put(view.peek().asOf ?? momentText(new Date()))}>
            Copy frozen link
          </button>
          <p class="said" role="status">
            {said.value}
          </p>
        </>
      )}
    </Popover>
  );
}

/** With the zone written out: who opens it may live in another. */
function linkTo(asOf: string | null): string {
  const shared = { ...view.peek(), asOf };
  const { timezone } = shared;
  const search = writeAddress(shared, browserZone === timezone ? "" : browserZone);
  return `${location.origin}${location.pathname}${search}`;
}
