import { describe, expect } from "vitest";
import { HOSTILE_TEXTS } from "../../scripts/browser/fixture.ts";
import { CARD_PIPES, card } from "./cards.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";

describe("the page that opens", () => {
  scenario("complains of nothing: no error, no report of the policy", async ({ open }) => {
    const { complaints } = await open();
    expect(complaints).toEqual([]);
  });

  scenario("asks each card's question once, and once for the list of platforms", async ({ open }) => {
    const { asked } = await open();
    expect(asked.map(({ pipe }) => pipe).toSorted()).toEqual([...CARD_PIPES, "breakdown"].toSorted());
  });

  scenario("asks for one token, and shows it with every question", async ({ open }) => {
    const { asked, tokenRequests } = await open();
    expect(tokenRequests).toHaveLength(1);
    const shown = new Set(asked.map(({ headers }) => headers.authorization));
    expect([...shown]).toEqual([expect.stringMatching(/^Bearer eyJ/)]);
  });

  scenario("keeps the token out of addresses, storage, cookies and the document", async ({ open }) => {
    const { asked, page } = await open();
    const token = asked[0]?.headers.authorization?.replace("Bearer ", "") ?? "";
    const kept = await page.evaluate(() => [
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      document.cookie,
      document.documentElement.outerHTML,
      ...performance.getEntries().map(({ name }) => name),
    ]);
    const places = [...kept, ...asked.map(({ url }) => url), JSON.stringify(await page.context().cookies())];
    expect(token).not.toBe("");
    expect(places.filter((place) => place.includes(token))).toEqual([]);
  });

  scenario("takes the text of users as text", async ({ open }) => {
    const { page } = await open();
    for (const text of Object.values(HOSTILE_TEXTS)) {
      const shown = card(page, "Trending now").getByRole("button", { name: text, exact: true });
      expect(await shown.getAttribute("title")).toBe(text);
      expect(await shown.getAttribute("dir")).toBe("auto");
    }
    expect(await page.locator("main img").count()).toBe(0);
    expect(await page.title()).toBe("Social interactions");
  });
});
