import type { Locator, Page } from "playwright-core";

/** The endpoint of each card, by the name that its region has. */
export const CARDS = {
  "Per minute, last 5": "live_pulse",
  "Key figures": "platform_engagement",
  "Newest row": "data_quality",
  Interactions: "engagement_timeseries",
  "Platform × type": "interactions_by_platform",
  "Trending now": "trending_content",
  "Tags accelerating": "trending_tags",
  "When it is busy": "best_time_heatmap",
  "As it happens": "recent_interactions",
} as const;

export type CardName = keyof typeof CARDS;

export const CARD_NAMES = Object.keys(CARDS) as readonly CardName[];

/** Endpoints of the nine cards, in order of their names. */
export const CARD_PIPES: readonly string[] = Object.values(CARDS).toSorted();

export function card(page: Page, name: CardName): Locator {
  return page.getByRole("region", { name, exact: true });
}

/** The words of a figure's button or cell: `Interactions 4,912 …`. */
export function figure(page: Page, label: string): Locator {
  return page.locator(".cell").filter({ has: page.getByText(label, { exact: true }) });
}

/** The line at the top that says how the page is. */
export function status(page: Page): Locator {
  return page.getByRole("banner").getByRole("status");
}

export function timeline(page: Page): Locator {
  return page.getByRole("slider");
}

/** Opens a card's menu and presses one of its lines. */
export async function chooseInMenu(page: Page, name: CardName, words: string): Promise<void> {
  const region = card(page, name);
  await region.getByRole("button", { name: /^More of / }).click();
  await region.getByRole("button", { name: words }).click();
}
