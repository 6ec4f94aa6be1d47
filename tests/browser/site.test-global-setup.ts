import type { TestProject } from "vitest/node";
import { buildPage } from "../../scripts/browser/build.ts";
import { findChromium, NO_CHROMIUM } from "../../scripts/browser/chromium.ts";
import { AS_OF, fixtureInteractions } from "../../scripts/browser/fixture.ts";
import { startPageServer, tokenOf } from "../../scripts/browser/server.ts";

/** What the scenarios look at. */
export interface Site {
  /** Of the embedded server, without a final slash. */
  readonly url: string;
  /** Of the role `dashboard`, to ask the endpoints beside the page. */
  readonly token: string;
  /** Signs JWTs of the workspace. */
  readonly adminToken: string;
  /** The built page. */
  readonly folder: string;
}

declare module "vitest" {
  interface ProvidedContext {
    /** Null where there is no Chromium. */
    site: Site | null;
  }
}

/**
 * Builds the page and serves it with the fixture for all scenarios. Without a Chromium they are skipped, with one line
 * that says so; in CI that is an error.
 */
export default async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (findChromium() === null) {
    if (process.env.CI) throw new Error(`The browser scenarios cannot run: ${NO_CHROMIUM}`);
    console.warn(`The browser scenarios are skipped: ${NO_CHROMIUM}`);
    provide("site", null);
    return undefined;
  }
  const folder = await buildPage();
  const server = await startPageServer({ dashboard: folder, rows: fixtureInteractions(), frozenAt: AS_OF });
  const token = tokenOf(server, "dashboard");
  provide("site", { url: server.url, token, adminToken: server.tokens.workspace_admin_token, folder });
  return () => server.close();
}
