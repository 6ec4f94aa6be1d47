import { computed, effect, signal } from "@preact/signals";
import { asker, rowsOf } from "./asking/ask.ts";
import { createResource, type Pace, type Resource, type World } from "./asking/resource.ts";
import { tokenSource } from "./asking/token.ts";
import type {
  BestTimeHeatmapRow,
  BreakdownRow,
  DataQualityRow,
  EngagementTimeseriesRow,
  InteractionsByPlatformRow,
  LivePulseRow,
  PlatformEngagementRow,
  RecentInteractionsRow,
  TrendingContentRow,
  TrendingTagsRow,
} from "./rows.ts";
import { keep, kept, keptTheme, type Theme } from "./settings.ts";
import { readAddress, writeAddress } from "./view/address.ts";
import { CARDS, type CardName, queryOf, questionOf } from "./view/queries.ts";
import type { View } from "./view/view.ts";

export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** What the address says. */
export const view = signal<View>(readAddress(location.search, browserZone));

/** A reader's choice: Back undoes it. */
export function choose(change: Partial<View>): void {
  const next = { ...view.peek(), ...change };
  const address = writeAddress(next, browserZone);
  if (address === writeAddress(view.peek(), browserZone)) return;
  history.pushState(null, "", address === "" ? location.pathname : address);
  view.value = next;
}

addEventListener("popstate", () => {
  view.value = readAddress(location.search, browserZone);
});

export const theme = signal<Theme>(keptTheme());
effect(() => {
  if (theme.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
  keep("theme", theme.value);
});

export const isPaused = signal(kept("paused") === "yes");
effect(() => keep("paused", isPaused.value ? "yes" : "no"));

export const hasKeys = signal(kept("keys") !== "off");
effect(() => keep("keys", hasKeys.value ? "on" : "off"));

/** Whether the list of keys is on the screen. */
export const isHelpOpen = signal(false);

const isVisible = signal(document.visibilityState === "visible");
document.addEventListener("visibilitychange", () => {
  isVisible.value = document.visibilityState === "visible";
});

export const pace = computed<Pace>(() => {
  if (!isVisible.value) return "hidden";
  return isPaused.value || view.value.asOf !== null ? "still" : "live";
});

/** Milliseconds since 1970, each second: ages grow by it. */
export const now = signal(Date.now());
setInterval(() => {
  if (isVisible.peek()) now.value = Date.now();
}, 1000);

const world: World = {
  now: Date.now,
  random: Math.random,
  later(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};

const tokens = tokenSource(fetch.bind(globalThis), Date.now);

/** Asks with the token of this page. */
export const ask = asker(fetch.bind(globalThis), tokens);

/** The server that answers: the page's own, unless its token says another one. @throws Fault */
export async function askedHost(): Promise<string> {
  return (await tokens.get()).host || location.origin;
}

function resource<Row>(card: CardName): Resource<Row> {
  return createResource<Row>({
    question: computed(() => questionOf(card, view.value)),
    ask: async (signal) => rowsOf<Row>(await ask(queryOf(card, view.peek(), new Date()), "json", signal)),
    every: CARDS[card].every,
    pace,
    world,
  });
}

/** The answer of each card's endpoint. */
export const resources = {
  pulse: resource<LivePulseRow>("pulse"),
  figures: resource<PlatformEngagementRow>("figures"),
  quality: resource<DataQualityRow>("quality"),
  timeline: resource<EngagementTimeseriesRow>("timeline"),
  matrix: resource<InteractionsByPlatformRow>("matrix"),
  board: resource<TrendingContentRow>("board"),
  tags: resource<TrendingTagsRow>("tags"),
  heatmap: resource<BestTimeHeatmapRow>("heatmap"),
  feed: resource<RecentInteractionsRow>("feed"),
  platforms: resource<BreakdownRow>("platforms"),
} as const satisfies Record<CardName, Resource<never> | Resource<object>>;

export function refreshAll(): void {
  for (const each of Object.values(resources)) each.refresh();
}

/** The cards; the list of platforms is none. */
const cards: readonly Resource<unknown>[] = Object.entries(resources)
  .filter(([name]) => name !== "platforms")
  .map(([, each]) => each as Resource<unknown>);

/** Why each card has no new answer; null where it has. */
export const faults = computed(() => cards.map(({ known }) => known.value.fault));

/** Milliseconds since 1970 of the latest answer of any card; null before the first. */
export const lastAnswer = computed(() => {
  const moments = cards.flatMap(({ known }) => known.value.answeredAt ?? []);
  return moments.length === 0 ? null : Math.max(...moments);
});
