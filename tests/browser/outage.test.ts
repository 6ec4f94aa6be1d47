import { describe, expect } from "vitest";
import { AS_OF, fixtureInteractions } from "../../scripts/browser/fixture.ts";
import { startPageServer } from "../../scripts/browser/server.ts";
import { figure, status } from "./cards.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";

describe("a server that dies", () => {
  scenario(
    "and comes back with other keys: figures stay, marked, and recover by themselves",
    async ({ open, site }) => {
      const options = { dashboard: site.folder, rows: fixtureInteractions(), frozenAt: AS_OF };
      const first = await startPageServer(options);
      const visit = await open({ origin: first.url });
      const { page } = visit;
      const interactions = figure(page, "Interactions");
      const value = await interactions.locator("strong").textContent();
      await first.close();
      await visit.advance(30);
      expect(await interactions.locator("strong").textContent()).toBe(value);
      expect(await interactions.textContent()).toMatch(/stale · /);
      expect(await status(page).textContent()).toMatch(/Last answer \d+ s ago|not answering/);

      const second = await startPageServer({ ...options, rows: fixtureInteractions(), port: first.port });
      try {
        // The longest wait behind a failure, and its chance.
        await visit.advance(72);
        expect(await page.getByText(/stale/i).count()).toBe(0);
        expect(await interactions.locator("strong").textContent()).toMatch(/^\d,\d{3}$/);
        expect(visit.tokenRequests.length).toBeLessThan(15);
      } finally {
        await second.close();
      }
    },
  );
});
