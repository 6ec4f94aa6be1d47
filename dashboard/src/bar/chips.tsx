import { platformName } from "../format/names.ts";
import { choose, resources, view } from "../store.ts";
import { FILTERS, type FilterName, hasFilters, toggled, withoutFilters } from "../view/view.ts";

/** Filters: the largest platforms to press, all others to take away. */
export function Chips() {
  return (
    <fieldset class="chips" aria-label="Filters">
      <button
        type="button"
        class="chip"
        aria-pressed={view.value.excludeBots}
        onClick={() => choose({ excludeBots: !view.peek().excludeBots })}
      >
        Without bots
      </button>
      <Platforms />
      {FILTERS.filter((name) => name !== "platform").flatMap((name) =>
        (view.value.filters[name] ?? []).map((value) => (
          <Removable key={`${name} ${value}`} name={name} value={value} />
        )),
      )}
      {hasFilters(view.value) && (
        <button type="button" class="link" onClick={() => choose(withoutFilters(view.peek()))}>
          Clear all
        </button>
      )}
    </fieldset>
  );
}

/** Those of the list, and those that are chosen though they are not in it. */
function Platforms() {
  const listed = (resources.platforms.known.value.rows ?? []).filter(({ kind }) => kind === "value");
  const chosen = view.value.filters.platform ?? [];
  const names = [...new Set([...listed.map(({ value }) => value), ...chosen])];
  return names.map((name) => (
    <button
      key={name}
      type="button"
      class="chip"
      aria-pressed={chosen.includes(name)}
      onClick={() => choose(toggled(view.peek(), "platform", name))}
    >
      {platformName(name)}
    </button>
  ));
}

function Removable({ name, value }: { readonly name: FilterName; readonly value: string }) {
  const words = wordsOf(name, value);
  return (
    <button
      type="button"
      class="chip removable"
      aria-label={`Remove filter ${words}`}
      onClick={() => choose(toggled(view.peek(), name, value))}
    >
      <span dir="auto">{words}</span> <span aria-hidden="true">✕</span>
    </button>
  );
}

/** `#science`, `not Reddit`, `content c_17`. */
function wordsOf(filter: FilterName, value: string): string {
  const isLeftOut = filter.startsWith("exclude_");
  const name = filter.replace("exclude_", "");
  const written: Readonly<Record<string, string>> = {
    platform: platformName(value),
    tag: `#${value}`,
    content_id: `content ${value}`,
  };
  return `${isLeftOut ? "not " : ""}${written[name] ?? value}`;
}
