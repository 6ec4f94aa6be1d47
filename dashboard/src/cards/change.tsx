import { type Change, changeOf } from "../format/change.ts";

/** `▲ 27 %`, spoken as words: arrows and colours are for eyes. */
export function ChangeMark({ now, before }: { readonly now: number; readonly before: number | null }) {
  return <ChangeText change={changeOf(now, before)} />;
}

export function ChangeText({ change: { kind, text, words } }: { readonly change: Change }) {
  return (
    <span class={`change ${kind}`}>
      <span aria-hidden="true">{text}</span>
      <span class="unseen">{words}</span>
    </span>
  );
}
