import { NEXT_THEME, type Theme } from "../settings.ts";
import { choose, faults, isPaused, lastAnswer, now, theme, view } from "../store.ts";
import { Compare } from "./compare.tsx";
import { RangeBar } from "./range.tsx";
import { Share } from "./share.tsx";
import { statusOf } from "./status.ts";
import { Zone } from "./zone.tsx";

/** What the page is, whether it lives, and over what it looks. */
export function TopBar() {
  return (
    <header class="bar">
      <h1>Social interactions</h1>
      <LiveState />
      <button
        type="button"
        class="control pause"
        onClick={() => {
          isPaused.value = !isPaused.peek();
        }}
      >
        {isPaused.value ? "Go on" : "Pause"}
      </button>
      <RangeBar />
      <Compare />
      <Zone />
      <Share />
      <ThemeButton />
    </header>
  );
}

function LiveState() {
  const { asOf, timezone } = view.value;
  const { kind, words, counting } = statusOf({
    isPaused: isPaused.value,
    asOf,
    timezone,
    faults: faults.value,
    lastAnswer: lastAnswer.value,
    now: now.value,
  });
  return (
    <div class={`live kind-${kind}`}>
      <span class="dot" aria-hidden="true" />
      <span role="status">
        <span class={counting ? "unseen" : undefined}>{words}</span>
        {counting && <span aria-hidden="true">{counting}</span>}
      </span>
      {asOf !== null && (
        <button type="button" class="link" onClick={() => choose({ asOf: null })}>
          Go live
        </button>
      )}
    </div>
  );
}

const THEME_GLYPHS: Readonly<Record<Theme, string>> = { auto: "◐", dark: "●", light: "○" };

function ThemeButton() {
  return (
    <button
      type="button"
      class="icon theme"
      aria-label={`Theme: ${theme.value}`}
      title={`Theme: ${theme.value}`}
      onClick={() => {
        theme.value = NEXT_THEME[theme.peek()];
      }}
    >
      <span aria-hidden="true">{THEME_GLYPHS[theme.value]}</span>
    </button>
  );
}
