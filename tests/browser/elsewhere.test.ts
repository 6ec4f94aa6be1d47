import { servePage } from "tb-embedded";
import { describe, expect } from "vitest";
import { figure } from "./cards.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";

describe("the page of one server for the endpoints of another", () => {
  scenario(
    "asks the other one only, under a policy that names it, and complains of nothing",
    async ({ open, site }) => {
      const server = await servePage({ dashboard: site.folder, host: site.url, adminToken: site.adminToken });
      try {
        const { asked, complaints, page } = await open({ origin: new URL(server.url).origin });
        expect(complaints).toEqual([]);
        expect(new Set(asked.map(({ url }) => new URL(url).origin))).toEqual(new Set([site.url]));
        expect(await figure(page, "Interactions").locator("strong").textContent()).toMatch(/^[\d,.]+K?$/);
        const held = asked.map(({ headers }) => headers.authorization).join();
        expect(held).not.toContain(site.adminToken);
        expect(await page.content()).not.toContain(site.adminToken);
      } finally {
        await server.close();
      }
    },
  );
});
