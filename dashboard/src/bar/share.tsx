import { Popover } from "../cards/popover.tsx";
import { Said, useSaid } from "../cards/said.tsx";
import { copy } from "../copy.ts";
import { momentText } from "../format/moment.ts";
import { view } from "../store.ts";
import { writeAddress } from "../view/address.ts";

/** A link to what is seen: one that stays live, or one that keeps this moment. */
export function Share() {
  return (
    <Popover label="Share" face="Share">
      {() => <Links />}
    </Popover>
  );
}

function Links() {
  const said = useSaid();
  return (
    <>
      <button type="button" onClick={() => said.tell(copy(linkTo(null)))}>
        Copy live link
      </button>
      <button
        type="button"
        onClick={() => said.tell(copy(linkTo(view.peek().asOf ?? momentText(new Date()))))}
      >
        Copy frozen link
      </button>
      <Said words={said.words} />
    </>
  );
}

/** With the zone written out: who opens it may live in another. */
function linkTo(asOf: string | null): string {
  return `${location.origin}${location.pathname}${writeAddress({ ...view.peek(), asOf }, "")}`;
}
