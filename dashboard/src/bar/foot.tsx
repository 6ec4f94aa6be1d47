import { clock, localText } from "../format/moment.ts";
import { isHelpOpen, lastAnswer, view } from "../store.ts";

/** When the figures came, and what they include. */
export function Foot() {
  const { timezone, excludeBots } = view.value;
  const answered = lastAnswer.value;
  return (
    <footer class="page-foot">
      {answered !== null && (
        <span>
          Answered {clock(localText(new Date(answered), timezone))} {timezone}
        </span>
      )}
      <span>Half-open ranges, duplicates removed, bots {excludeBots ? "left out" : "included"}</span>
      <button
        type="button"
        class="link"
        onClick={() => {
          isHelpOpen.value = true;
        }}
      >
        Keyboard: press ?
      </button>
    </footer>
  );
}
