import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { type CardName, card, chooseInMenu, status, timeline } from "./cards.test-setup.ts";
import { questions } from "./faults.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";

const FROZEN = "?as_of=2026-11-23 08:25:00";

const search = (page: Page) => new URL(page.url()).search;

describe("a reader's choice stands in the address", () => {
  scenario.for<[string, string, (page: Page) => Promise<unknown>]>([
    [
      "a figure, as the metric of the timeline",
      "?metric=unique_users",
      (page) => page.getByRole("button", { name: /^Unique users/ }).click(),
    ],
    [
      "an order of the board",
      "?rank_by=velocity",
      (page) => card(page, "Trending now").getByRole("button", { name: "Fastest" }).click(),
    ],
    [
      "a type of the matrix",
      "?interaction_type=share",
      (page) => card(page, "Platform × type").getByRole("button", { name: "share" }).click(),
    ],
    [
      "a platform of the matrix",
      "?platform=tiktok",
      (page) => card(page, "Platform × type").getByRole("button", { name: "TikTok" }).click(),
    ],
    [
      "a tag",
      "?tag=hostile",
      (page) => card(page, "Tags accelerating").getByRole("button", { name: "#hostile" }).click(),
    ],
    [
      "a content of the board",
      "?content_id=content_markup",
      (page) =>
        card(page, "Trending now")
          .getByRole("button", { name: /^<img src=x/ })
          .click(),
    ],
    ["without bots", "?exclude_bots=1", (page) => page.getByRole("button", { name: "Without bots" }).click()],
    [
      "a comparison",
      "?compare=previous_weekday",
      (page) => page.getByLabel("Comparison").selectOption("previous_weekday"),
    ],
    [
      "a zone",
      "?timezone=Europe/Berlin",
      async (page) => {
        await page.getByLabel("Time zone").focus();
        await page.getByLabel("Time zone").selectOption("Europe/Berlin");
      },
    ],
    [
      "a zone that is typed in",
      "?timezone=Asia/Kolkata",
      async (page) => {
        await page.getByLabel("Time zone").selectOption("Other …");
        await page.locator("input.zone:focus").waitFor();
        await page.keyboard.type("asia/kolkata");
        await page.keyboard.press("Enter");
      },
    ],
    [
      "a line a platform",
      "?split_by=platform",
      (page) => chooseInMenu(page, "Interactions", "A line a platform"),
    ],
  ])("%s", async ([, address, choose], { open }) => {
    const visit = await open();
    await choose(visit.page);
    await visit.settled();
    expect(search(visit.page)).toBe(address);
    expect(visit.complaints).toEqual([]);
  });

  scenario("what is no zone stays in its field, and nothing changes", async ({ open }) => {
    const { page } = await open();
    await page.getByLabel("Time zone").selectOption("Other …");
    const field = page.getByLabel("Time zone, IANA name");
    await field.fill("Europe/Bielefeld");
    await field.press("Enter");
    expect(await field.evaluate((node) => (node as HTMLInputElement).validationMessage)).toContain("IANA");
    await field.press("Escape");
    expect([search(page), await page.getByLabel("Time zone").inputValue()]).toEqual(["", "UTC"]);
  });

  scenario("two moments on the clock of the page's zone, as UTC", async ({ open }) => {
    const { page } = await open({ search: "?timezone=Asia/Kolkata" });
    await page.getByRole("button", { name: "Custom range" }).click();
    await page.getByLabel("From", { exact: true }).fill("2026-11-20T05:30");
    await page.getByLabel("To, not included").fill("2026-11-21T05:30");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    expect(new URL(page.url()).searchParams.get("since")).toBe("2026-11-20 00:00:00");
    expect(new URL(page.url()).searchParams.get("until")).toBe("2026-11-21 00:00:00");
  });

  scenario("but not two moments the wrong way round: the form says what it expects", async ({ open }) => {
    const { page } = await open();
    await page.getByRole("button", { name: "Custom range" }).click();
    await page.getByLabel("From", { exact: true }).fill("2026-11-21T00:00");
    await page.getByLabel("To, not included").fill("2026-11-20T00:00");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    expect(await page.getByRole("alert").textContent()).toMatch(/end must be later/);
    expect(search(page)).toBe("");
  });

  scenario("and a filter goes by its chip, all of them by Clear all", async ({ open }) => {
    const { page } = await open({ search: "?platform=reddit&tag=hostile,pets" });
    await page.getByRole("button", { name: "Remove filter #pets" }).click();
    expect(search(page)).toBe("?platform=reddit&tag=hostile");
    await page.getByRole("button", { name: "Clear all" }).click();
    expect(search(page)).toBe("");
  });
});

describe("a card's menu", () => {
  scenario.for<[string, string, CardName, RegExp]>([
    ["CSV", "csv", "Trending now", /^"content_id","sample_text"/],
    ["NDJSON", "ndjson", "As it happens", /^\{"interaction_id":/],
    ["Parquet", "parquet", "Interactions", /^PAR1/],
  ])("downloads the whole answer as %s", async ([words, suffix, name, start], { open }) => {
    const { page, complaints } = await open({ search: FROZEN });
    const download = page.waitForEvent("download");
    await chooseInMenu(page, name, `Download ${words}`);
    const file = await download;
    expect(file.suggestedFilename()).toMatch(new RegExp(`^\\w+\\.${suffix}$`));
    expect(await readFile(await file.path(), "latin1")).toMatch(start);
    expect(complaints).toEqual([]);
  });

  scenario(
    "copies a line for a shell that answers what the page asked, without the token",
    async ({ open, site }) => {
      const { asked, page } = await open({ search: FROZEN });
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await chooseInMenu(page, "Trending now", "Copy as curl");
      await card(page, "Trending now").getByText("Copied").waitFor();
      const line = await page.evaluate(() => navigator.clipboard.readText());
      const url = asked.find(({ pipe }) => pipe === "trending_content")?.url ?? "";
      expect(line).toBe(`curl -sS -H "Authorization: Bearer $TB_TOKEN" '${url}'`);
      expect(url.startsWith(site.url)).toBe(true);
    },
  );

  scenario("shows more of a long table a hundred rows at a time", async ({ open }) => {
    const { page } = await open({ search: FROZEN });
    await chooseInMenu(page, "When it is busy", "Show as table");
    const heatmap = card(page, "When it is busy");
    const rows = heatmap.locator("tbody tr");
    expect(await rows.count()).toBe(100);
    await heatmap.getByRole("button", { name: "Show 68 more" }).click();
    expect(await rows.count()).toBe(168);
    await chooseInMenu(page, "When it is busy", "Show as chart");
    expect(await page.getByRole("grid").isVisible()).toBe(true);
  });

  scenario("closes by a press elsewhere", async ({ open }) => {
    const { page } = await open();
    const board = card(page, "Trending now");
    await board.getByRole("button", { name: /^More of / }).click();
    await board.getByText("Copy as curl").waitFor();
    await page.getByRole("heading", { name: "Social interactions" }).click();
    expect(await board.getByText("Copy as curl").count()).toBe(0);
  });
});

describe("a link to share", () => {
  scenario.for([
    ["Copy live link", "?range=6h&platform=reddit&timezone=UTC"],
    ["Copy frozen link", "?range=6h&platform=reddit&timezone=UTC&as_of=2026-11-23 08:25"],
  ] as const)("%s leads others to what is seen", async ([words, expected], { open }) => {
    const { page } = await open({ search: "?range=6h&platform=reddit" });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.getByRole("button", { name: words }).click();
    await page.getByText("Copied").waitFor();
    const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
    const params = Object.fromEntries(link.searchParams);
    for (const [name, value] of new URLSearchParams(expected)) {
      expect([name, params[name]]).toEqual([name, expect.stringContaining(value)]);
    }
    expect(params.as_of === undefined).toBe(!expected.includes("as_of"));
  });
});

describe("the head of z", () => {
  scenario("explains it on press", async ({ open }) => {
    const { page } = await open();
    await card(page, "Trending now").getByRole("button", { name: /^z/ }).first().click();
    await page.getByText("z = (now − usual) ÷ usual spread").waitFor();
  });
});

describe("the feed", () => {
  scenario("stands still while it is read, and counts what waits", async ({ open }) => {
    const visit = await open();
    const { page } = visit;
    const feed = card(page, "As it happens");
    const first = () => feed.getByRole("listitem").first().textContent();
    let sent = 0;
    await page.route(questions("recent_interactions"), async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as { data: { interaction_id: string; user_id: string }[] };
      const [newest] = answer.data;
      sent += 2;
      const more = Array.from({ length: sent }, (_, n) => ({
        ...newest,
        interaction_id: `new_${sent - n}`,
        user_id: `newcomer_${sent - n}`,
      }));
      await route.fulfill({ response, json: { ...answer, data: [...more, ...answer.data].slice(0, 20) } });
    });
    await feed.getByRole("listitem").first().hover();
    const held = (await first())?.slice(0, 20);
    await visit.advance(6);
    await feed.getByText(/^Held · [2-9]\d* new$/).waitFor();
    expect((await first())?.slice(0, 20)).toBe(held);
    await page.getByRole("heading", { name: "Social interactions" }).hover();
    expect(await first()).toContain("newcomer_");
    expect(await feed.getByText(/^Held/).count()).toBe(0);
  });
});

describe("a page with its tokens", () => {
  scenario("asks for the next one before the first one ends, and never twice", async ({ open }) => {
    const visit = await open();
    await visit.page.clock.fastForward(580_000);
    await visit.settled();
    await visit.advance(10);
    expect(visit.tokenRequests).toHaveLength(2);
    expect(await status(visit.page).textContent()).toContain("Live");
    expect(await timeline(visit.page).isVisible()).toBe(true);
  });
});
