import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appForTests, ORIGIN } from "../app.test-setup.ts";
import { TinybirdError } from "../errors.ts";
import { contentSecurityPolicy, pageResponse, readPage } from "./page.ts";

const NOW = new Date("2026-01-02T03:04:05.000Z");

const folder = mkdtempSync(join(tmpdir(), "dashboard-page-"));
mkdirSync(join(folder, "assets"));
writeFileSync(join(folder, "index.html"), "<!doctype html><title>page</title>");
writeFileSync(join(folder, "assets/page-1a2b.js"), "export {};");
writeFileSync(join(folder, "pipes.json"), '["top", "not_built_yet"]');
afterAll(() => rmSync(folder, { recursive: true }));

const app = appForTests({ now: () => NOW, page: readPage(folder) });
const { call, answer } = app;

beforeAll(() =>
  app.build({
    "top.pipe": "NODE one\nSQL >\n    SELECT 1 AS n\n\nTYPE endpoint\n",
    "side.pipe": "NODE one\nSQL >\n    SELECT 2 AS n\n\nTYPE endpoint\n",
  }),
);

describe("the page", () => {
  it.each([
    ["/dashboard/", "text/html; charset=utf-8", "no-cache"],
    ["/dashboard", "text/html; charset=utf-8", "no-cache"],
    ["/dashboard/?range=1h", "text/html; charset=utf-8", "no-cache"],
    [
      "/dashboard/assets/page-1a2b.js",
      "text/javascript; charset=utf-8",
      "public, max-age=31536000, immutable",
    ],
  ])("is served at %s without a token", async (path, type, cache) => {
    const { status, headers } = await call(path, { token: null });
    expect([status, headers.get("content-type"), headers.get("cache-control")]).toEqual([200, type, cache]);
  });

  it.each([
    "/dashboard/assets/other.js",
    "/dashboard/assets/..%2fpipes.json",
    "/dashboard/assets/..%2f..%2f..%2fetc%2fpasswd",
    "/dashboard/pipes.json",
  ])("has nothing at %s", async (path) => {
    expect((await call(path)).status).toBe(404);
  });

  it("may run its own scripts, ask its own server, and make no markup of text", async () => {
    const { headers } = await call("/dashboard/");
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
        "require-trusted-types-for 'script'; trusted-types 'none'",
    );
    expect([headers.get("referrer-policy"), headers.get("x-content-type-options")]).toEqual([
      "no-referrer",
      "nosniff",
    ]);
  });

  it("for another host may ask that one too, by its origin only", () => {
    expect(contentSecurityPolicy("https://api.tinybird.co/x")).toContain(
      "connect-src 'self' https://api.tinybird.co;",
    );
  });

  it("is a folder with index.html and pipes.json, or an error that says so", () => {
    expect(() => readPage(join(folder, "assets"))).toThrow(/expected index.html and pipes.json/);
    expect(() => readPage(join(folder, "nowhere"))).toThrow(TinybirdError);
  });

  it("never serves its list of endpoints", () => {
    expect(pageResponse(readPage(folder), "pipes.json", null)).toBeNull();
  });
});

const asked = (headers: Record<string, string> = {}) => ({
  method: "POST",
  token: null,
  headers: { "sec-fetch-site": "same-origin", ...headers },
});

describe("the token of the page", () => {
  it("lives ten minutes, reads the listed endpoints that are there, and is kept by no cache", async () => {
    const response = await call("/dashboard/token", asked());
    const { token, ...rest } = (await response.json()) as Record<string, string>;
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(rest).toEqual({ expires_in: 600, host: "" });
    expect(decodeJwt(String(token))).toEqual({
      workspace_id: app.organization.defaultWorkspace.id,
      name: "dashboard",
      exp: NOW.getTime() / 1000 + 600,
      scopes: [{ type: "PIPES:READ", resource: "top" }],
      limits: { rps: 30 },
    });
  });

  it.each([
    ["/v0/pipes/top.json", 200],
    ["/v0/pipes/side.json", 403],
    ["/v0/sql?q=SELECT+1", 200],
    ["/v0/sql?q=SELECT+n+FROM+side", 403],
    ["/v0/datasources", 403],
    ["/v0/tokens", 403],
    ["/v0/workspace", 403],
  ])("is answered by %s with %i", async (path, status) => {
    const { body } = await answer("/dashboard/token", asked());
    expect((await call(path, { token: String(body.token) })).status).toBe(status);
  });

  it.each([
    ["a name that resolves here", { host: "attacker.example" }, /this machine/],
    ["a name that begins like this machine", { host: "localhost.attacker.example" }, /this machine/],
    ["a host that is none", { host: "a b" }, /this machine/],
    ["another site's page", { "sec-fetch-site": "cross-site" }, /its own page/],
    ["another port of this machine", { "sec-fetch-site": "same-site" }, /its own page/],
    ["the address bar", { "sec-fetch-site": "none" }, /its own page/],
    ["a program that says nothing", { "sec-fetch-site": "" }, /its own page/],
  ])("is refused to %s", async (_, headers, sentence) => {
    const { status, body } = await answer("/dashboard/token", asked(headers));
    expect([status, body.error]).toEqual([403, expect.stringMatching(sentence)]);
    expect(body).not.toHaveProperty("token");
  });

  it.each(["localhost:7181", "127.0.0.1", "[::1]:9"])("is given by the name %s", async (host) => {
    expect((await call("/dashboard/token", asked({ host }))).status).toBe(200);
  });

  it("cannot be read by another page: nothing allows that", async () => {
    const { headers } = await call("/dashboard/token", asked({ origin: ORIGIN }));
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});
