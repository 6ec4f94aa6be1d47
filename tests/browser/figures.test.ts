import { describe, expect } from "vitest";
import { card, figure, timeline } from "./cards.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";
import type { Site } from "./site.test-global-setup.ts";

const AS_OF = "2026-11-23 08:25:00";
/** What a frozen page of 24 hours asks for: its own second is in it. */
const DAY = { as_of: AS_OF, since: "2026-11-22 08:25:01", until: "2026-11-23 08:25:01", compare: "previous" };

type Row = Readonly<Record<string, unknown>>;

/** Asks an endpoint beside the page. */
async function rowsOf({ url, token }: Site, pipe: string, params: Record<string, string>): Promise<Row[]> {
  const response = await fetch(`${url}/v0/pipes/${pipe}.json?${new URLSearchParams(params)}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return ((await response.json()) as { data: Row[] }).data;
}

const exact = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const counted = (value: unknown) => (Number(value) < 10_000 ? exact : compact).format(Number(value));

describe("what the page shows is what the endpoints answer", () => {
  scenario.for([
    ["Interactions", "interactions"],
    ["Engagement", "engagement"],
    ["Unique users", "unique_users"],
  ] as const)("%s", async ([label, column], { open, site }) => {
    const { page } = await open({ search: `?as_of=${AS_OF}` });
    const rows = await rowsOf(site, "platform_engagement", DAY);
    const total = rows.find(({ platform }) => platform === "(total)");
    const cell = figure(page, label);
    expect(await cell.locator("strong").textContent()).toBe(counted(total?.[column]));
    expect(await cell.textContent()).toContain(`${counted(total?.[`previous_${column}`])} before`);
  });

  scenario("the mean of the last five whole minutes", async ({ open, site }) => {
    const { page } = await open({ search: `?as_of=${AS_OF}` });
    const rows = await rowsOf(site, "live_pulse", { as_of: AS_OF, minutes: "30" });
    const whole = rows.slice(-6, -1).map(({ interactions }) => Number(interactions));
    const mean = whole.reduce((sum, each) => sum + each, 0) / 5;
    expect(await figure(page, "Per minute, last 5").locator("strong").textContent()).toBe(mean.toFixed(1));
  });

  scenario("every row of the board: text, counts and users, in this order", async ({ open, site }) => {
    const { page } = await open({ search: `?as_of=${AS_OF}` });
    const params = { as_of: AS_OF, hours_back: "24", rank_by: "z", limit: "8" };
    const rows = await rowsOf(site, "trending_content", params);
    const shown = card(page, "Trending now").locator("tbody tr");
    expect(await shown.count()).toBe(rows.length);
    for (const [place, row] of rows.entries()) {
      const text = (await shown.nth(place).textContent()) ?? "";
      expect(text).toContain(row.sample_text);
      expect(text).toContain(`${counted(row.n_now)} in 1 h`);
      expect(text).toMatch(new RegExp(`, ${counted(row.users_now)} users?\\b`));
    }
  });

  scenario.for(["UTC", "Asia/Kolkata"])(
    "each bucket of the timeline, on the clock of %s",
    async (zone, { open, site }) => {
      const { page } = await open({ search: `?as_of=${AS_OF}&timezone=${zone}` });
      const rows = await rowsOf(site, "engagement_timeseries", { ...DAY, bucket: "auto", timezone: zone });
      const slider = timeline(page);
      expect(await slider.getAttribute("aria-valuemax")).toBe(String(rows.length - 1));
      await slider.focus();
      await page.keyboard.press("Home");
      for (const row of rows) {
        const said = (await slider.getAttribute("aria-valuetext")) ?? "";
        expect(said).toContain(
          `${String(row.bucket_local).slice(11, 16)}: ${exact.format(Number(row.interactions))}`,
        );
        expect(said).toContain(`before ${exact.format(Number(row.previous_interactions))}`);
        await page.keyboard.press("ArrowRight");
      }
      expect(await card(page, "Interactions").textContent()).toContain(zone);
    },
  );

  scenario("the matrix", async ({ open, site }) => {
    const { page } = await open({ search: `?as_of=${AS_OF}` });
    const rows = await rowsOf(site, "interactions_by_platform", DAY);
    const text = (await card(page, "Platform × type").textContent()) ?? "";
    for (const row of rows) expect(text).toContain(counted(row.total_interactions));
  });
});
