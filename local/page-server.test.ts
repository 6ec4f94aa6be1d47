import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPage } from "./http/page.ts";
import { type LocalServer, startLocal } from "./index.ts";
import { type PageServer, pageApp, servePage } from "./page-server.ts";

const folder = mkdtempSync(join(tmpdir(), "page-server-"));
const project = join(folder, "project");
const dashboard = join(folder, "page");

let cloud: LocalServer;
let server: PageServer;

beforeAll(async () => {
  mkdirSync(join(project, "endpoints"), { recursive: true });
  for (const name of ["top", "side"]) {
    writeFileSync(
      join(project, `endpoints/${name}.pipe`),
      "NODE one\nSQL >\n    SELECT 1 AS n\n\nTYPE endpoint\n",
    );
  }
  mkdirSync(join(dashboard, "assets"), { recursive: true });
  writeFileSync(join(dashboard, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(dashboard, "assets/page-1a2b.js"), "export {};");
  writeFileSync(join(dashboard, "pipes.json"), '["top", "not_deployed_yet"]');
  cloud = await startLocal({ port: 0, project });
  server = await servePage({ dashboard, host: cloud.url, adminToken: cloud.tokens.workspace_admin_token });
});

afterAll(async () => {
  await server?.close();
  await cloud?.close();
  rmSync(folder, { recursive: true });
});

/** As a browser asks from the page. */
const askToken = (headers: Record<string, string> = {}) =>
  fetch(new URL("token", server.url), {
    method: "POST",
    headers: { "sec-fetch-site": "same-origin", ...headers },
  });

describe("the page for a workspace elsewhere", () => {
  it("tells the workspace, and which of the page's endpoints it lacks", () => {
    expect([server.workspace, server.missing]).toEqual(["Tinybird_Local_Testing", ["not_deployed_yet"]]);
  });

  it.each(["", "/", "/dashboard", "/dashboard/?range=1h"])(
    "is found at '%s' with a policy that names the other host",
    async (path) => {
      const { status, headers } = await fetch(new URL(server.url).origin + path);
      expect(status).toBe(200);
      expect(headers.get("content-security-policy")).toContain(`connect-src 'self' ${cloud.url};`);
    },
  );

  it.each(["/dashboard/pipes.json", "/dashboard/assets/none.js", "/v0/pipes", "/tokens"])(
    "has nothing at %s",
    async (path) => {
      const response = await fetch(new URL(path, server.url));
      expect([response.status, await response.json()]).toEqual([
        404,
        expect.objectContaining({ error: `There is no route ${path}` }),
      ]);
    },
  );

  it("gets a token of ten minutes for the endpoints that are there", async () => {
    const before = Math.floor(Date.now() / 1000);
    const response = await askToken();
    const { token, ...rest } = (await response.json()) as { token: string };
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(rest).toEqual({ expires_in: 600, host: cloud.url });
    const { exp = 0, ...claims } = decodeJwt(token);
    expect(claims).toEqual({
      workspace_id: expect.any(String),
      name: "dashboard",
      scopes: [{ type: "PIPES:READ", resource: "top" }],
      limits: { rps: 30 },
    });
    expect(exp - before).toBeGreaterThanOrEqual(600);
    expect(exp - before).toBeLessThan(610);
  });

  it.each([
    ["top", 200],
    ["side", 403],
  ])("may ask %s there with it: %i", async (pipe, status) => {
    const { token } = (await (await askToken()).json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${cloud.url}/v0/pipes/${pipe}.json`, { headers })).status).toBe(status);
  });

  it.each([
    ["another site's page", { "sec-fetch-site": "cross-site" }],
    ["a program that says nothing", { "sec-fetch-site": "" }],
  ])("gives %s no token", async (_, headers) => {
    const response = await askToken(headers);
    expect(response.status).toBe(403);
    expect(await response.json()).not.toHaveProperty("token");
  });

  it("gives none to a foreign name that resolves here", async () => {
    const app = pageApp(readPage(dashboard), async () => "signed", { host: cloud.url });
    const ask = (host: string) =>
      app(
        new Request("http://127.0.0.1/dashboard/token", {
          method: "POST",
          headers: { host, "sec-fetch-site": "same-origin" },
        }),
      );
    expect((await ask("localhost:7183")).status).toBe(200);
    expect((await ask("attacker.example")).status).toBe(403);
  });
});

describe("a page that cannot be served says why, and never the key", () => {
  it.each([
    ["a token that is none", () => ({ adminToken: "p.secret-of-nobody" }), /does not take the key/],
    ["another admin's token", () => ({ adminToken: cloud.tokens.admin_token }), /does not take the key/],
    ["a host that is not there", () => ({ host: "http://127.0.0.1:1" }), /does not answer as a Tinybird/],
    ["a page that is not built", () => ({ dashboard: project }), /holds no built dashboard/],
  ])("%s", async (_, options, sentence) => {
    const asked = {
      dashboard,
      host: cloud.url,
      adminToken: cloud.tokens.workspace_admin_token,
      ...options(),
    };
    const error: Error = await servePage(asked).then(
      () => new Error("it was served"),
      (thrown) => thrown,
    );
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain(asked.adminToken);
  });
});
