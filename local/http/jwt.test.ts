import { CompactSign, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { appForTests, type CallInit } from "../app.test-setup.ts";
import type { Workspace } from "../workspace.ts";

let now = new Date("2026-01-02T03:04:05.000Z");
const app = appForTests({ now: () => now });
const { answer, call, build } = app;

const EVENTS = `SCHEMA >
    \`tenant\` String \`json:$.tenant\`,
    \`n\` Int32 \`json:$.n\`

ENGINE MergeTree
ENGINE_SORTING_KEY tenant
`;

const TOTALS = `NODE matching
SQL >
    %
    SELECT tenant, n FROM events WHERE tenant = {{String(tenant, 'nobody')}}

NODE totals
SQL >
    SELECT any(tenant) AS tenant, sum(n) AS total FROM matching

TYPE endpoint
`;

const OUTER = `NODE outer_query
SQL >
    SELECT tenant, total FROM totals

TYPE endpoint
`;

let workspace: Workspace;
let other: Workspace;
let expires: number;

beforeAll(async () => {
  workspace = app.organization.defaultWorkspace;
  other = await app.organization.create("other");
  expires = now.getTime() / 1000 + 600;
  const files = { "events.datasource": EVENTS, "totals.pipe": TOTALS, "outer.pipe": OUTER };
  await build(files);
  await build(files, other.adminToken);
  const rows = ["acme", "bolt"].map((tenant, i) => JSON.stringify({ tenant, n: i + 1 })).join("\n");
  for (const token of [workspace.adminToken, other.adminToken]) {
    await call("/v0/events?name=events&wait=true", { method: "POST", body: rows, token });
  }
});

type Claims = Readonly<Record<string, unknown>>;

const READS_TOTALS = [{ type: "PIPES:READ", resource: "totals", fixed_params: { tenant: "acme" } }];

/** A JWT as an application's back end signs it, right unless `claims` say otherwise. */
function signed(claims: Claims = {}, { key = workspace.adminToken, alg = "HS256" } = {}): Promise<string> {
  const usual = { workspace_id: workspace.id, name: "front", exp: expires, scopes: READS_TOTALS };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg, typ: "JWT" })
    .sign(new TextEncoder().encode(key));
}

const reads = (resource: string, more: object = {}) =>
  signed({ scopes: [{ type: "PIPES:READ", resource, ...more }] });

const readsEvents = (filter?: string) =>
  signed({ scopes: [{ type: "DATASOURCES:READ", resource: "events", ...(filter && { filter }) }] });

const statusOf = async (path: string, init: CallInit) => (await call(path, init)).status;

async function rowsOf(path: string, init: CallInit): Promise<unknown> {
  const { body } = await answer(path, init);
  return body.data ?? body.error;
}

const ACME = [{ tenant: "acme", total: 1 }];

describe("POST /v0/tokens with an expiration time", () => {
  const scopes = [{ type: "PIPES:READ", resource: "totals", fixed_params: { tenant: "acme" } }];
  it.each([
    [
      "the CLI: name in the query, JSON without a content type",
      `?name=front&expiration_time=`,
      { scopes },
      {},
    ],
    [
      "the SDK: everything but the time in the body",
      "?expiration_time=",
      { name: "front", scopes, limits: { rps: 10 } },
      { "content-type": "application/json" },
    ],
  ])("signs a JWT as %s", async (_, search, body, headers) => {
    const { status, body: sent } = await answer(`/v0/tokens/${search}${expires}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers,
    });
    expect({ status, keys: Object.keys(sent) }).toEqual({ status: 200, keys: ["token"] });
    expect(await rowsOf("/v0/pipes/totals.json", { token: String(sent.token) })).toEqual(ACME);
  });

  it("keeps nothing of it", async () => {
    const before = (await answer("/v0/tokens")).body;
    await call(`/v0/tokens?name=front&expiration_time=${expires}`, {
      method: "POST",
      body: JSON.stringify({ scopes }),
    });
    expect((await answer("/v0/tokens")).body).toEqual(before);
  });

  it.each([
    ["an end in the past", { expiration_time: 1000 }, 400, /time to come/],
    ["an end that is no time", { expiration_time: "soon" }, 400, /'expiration_time' is '"soon"'/],
    ["no name", { name: undefined }, 400, /'name' is 'missing'/],
    ["no scope", { scopes: [] }, 400, /'scopes'/],
    [
      "a scope that a JWT cannot have",
      { scopes: [{ type: "ADMIN", resource: "totals" }] },
      400,
      /'scopes.0.type' is '"ADMIN"'/,
    ],
    ["a scope without a resource", { scopes: [{ type: "PIPES:READ" }] }, 400, /'scopes.0.resource'/],
    ["an unknown pipe", { scopes: [{ type: "PIPES:READ", resource: "nobody" }] }, 404, /'nobody'/],
    ["a limit below one", { limits: { rps: 0 } }, 400, /'limits.rps' is '0'/],
    [
      "a filter on a pipe",
      { scopes: [{ type: "PIPES:READ", resource: "totals", filter: "n = 1" }] },
      400,
      /DATASOURCES:READ only/,
    ],
    [
      "a filter that reads a table",
      { scopes: [{ type: "DATASOURCES:READ", resource: "events", filter: "n IN (SELECT 1 FROM events)" }] },
      400,
      /events/,
    ],
  ])("refuses %s", async (_, wrong, status, sentence) => {
    const sent = { name: "front", expiration_time: expires, scopes, ...wrong };
    const { status: came, body } = await answer("/v0/tokens", { method: "POST", body: JSON.stringify(sent) });
    expect({ status: came, error: body.error }).toEqual({ status, error: expect.stringMatching(sentence) });
  });
});

describe("a JWT that is not right", () => {
  const wrong: [string, () => Promise<string>][] = [
    ["is signed with another algorithm", () => signed({}, { alg: "HS512" })],
    ["is signed with another key", () => signed({}, { key: "x".repeat(40) })],
    [
      "is signed with a read token of its workspace",
      async () => signed({}, { key: (await staticReader()).token }),
    ],
    ["is for another workspace", () => signed({ workspace_id: other.id })],
    ["is of another workspace and says it is of this", () => signed({}, { key: other.adminToken })],
    ["is for no workspace", () => signed({ workspace_id: undefined })],
    ["is for a workspace that is a number", () => signed({ workspace_id: 7 })],
    ["has expired", () => signed({ exp: now.getTime() / 1000 - 1 })],
    ["expires now", () => signed({ exp: now.getTime() / 1000 })],
    ["never expires", () => signed({ exp: undefined })],
    ["is not valid yet", () => signed({ nbf: expires })],
    ["has no name", () => signed({ name: undefined })],
    ["has no scopes", () => signed({ scopes: [] })],
    ["would be an admin", () => signed({ scopes: [{ type: "ADMIN", resource: "totals" }] })],
    ["has a scope without a resource", () => signed({ scopes: [{ type: "PIPES:READ" }] })],
    [
      "has an empty filter",
      () => signed({ scopes: [{ type: "DATASOURCES:READ", resource: "events", filter: "" }] }),
    ],
    ["has a limit that is none", () => signed({ limits: { rps: "many" } })],
    ["says that it is not signed", unsigned],
    ["is signed with a key pair", signedByPair],
    ["has other claims than were signed", tampered],
    ["has lost its signature", async () => (await signed()).replace(/[^.]*$/, "")],
    [
      "holds no JSON",
      async () =>
        new CompactSign(Buffer.from("no"))
          .setProtectedHeader({ alg: "HS256" })
          .sign(Buffer.from(workspace.adminToken)),
    ],
  ];

  it.each(wrong)("%s: 403", async (_, jwt) => {
    const token = await jwt();
    for (const path of ["/v0/pipes/totals.json", "/v0/sql?q=SELECT+1", "/v0/datasources"]) {
      const { status, body } = await answer(path, { token });
      expect({ status, error: body.error }).toEqual({
        status: 403,
        error: expect.stringMatching(/invalid authentication token/),
      });
    }
  });

  it("as it was right: the one that all of these differ from is let in", async () => {
    expect(await rowsOf("/v0/pipes/totals.json", { token: await signed() })).toEqual(ACME);
  });
});

async function staticReader(): Promise<{ token: string }> {
  const found = await answer("/v0/tokens/static_reader");
  const body =
    found.status === 200
      ? found.body
      : (await answer("/v0/tokens?name=static_reader&scope=PIPES:READ:totals", { method: "POST" })).body;
  return { token: String(body.token) };
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

async function unsigned(): Promise<string> {
  const [, claims] = (await signed()).split(".");
  return `${part({ alg: "none", typ: "JWT" })}.${claims}.`;
}

async function signedByPair(): Promise<string> {
  const { privateKey } = await generateKeyPair("ES256");
  const claims = { workspace_id: workspace.id, name: "front", exp: expires, scopes: READS_TOTALS };
  return new SignJWT(claims).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
}

async function tampered(): Promise<string> {
  const [header, claims = "", signature] = (await signed()).split(".");
  const known = JSON.parse(Buffer.from(claims, "base64url").toString()) as Claims;
  return `${header}.${part({ ...known, scopes: [{ type: "PIPES:READ", resource: "totals" }] })}.${signature}`;
}

describe("a JWT", () => {
  it("expires while it is used", async () => {
    const token = await signed({ exp: now.getTime() / 1000 + 60 });
    expect(await statusOf("/v0/pipes/totals.json", { token })).toBe(200);
    const before = now;
    now = new Date(before.getTime() + 60_000);
    const { status, body } = await answer("/v0/pipes/totals.json", { token });
    now = before;
    expect({ status, error: body.error }).toEqual({ status: 403, error: expect.stringMatching(/expired/) });
  });

  it("knows its resource by id, too", async () => {
    const token = await reads(workspace.resources.pipeId("totals") ?? "", {
      fixed_params: { tenant: "bolt" },
    });
    expect(await rowsOf("/v0/pipes/totals.json", { token })).toEqual([{ tenant: "bolt", total: 2 }]);
  });

  it("comes in the query as well as in the header", async () => {
    const response = await call(`/v0/pipes/totals.json?token=${await signed()}`, { token: null });
    expect(((await response.json()) as { data: unknown }).data).toEqual(ACME);
  });

  it("counts for nothing once the admin token that signed it is refreshed", async () => {
    const third = await app.organization.create("third");
    const scopes = [{ type: "DATASOURCES:READ", resource: "events" }];
    const token = await signed({ workspace_id: third.id, scopes }, { key: third.adminToken });
    expect(await statusOf("/v0/sql?q=SELECT+1", { token })).toBe(200);
    await call("/v0/tokens/workspace%20admin%20token/refresh", { method: "POST", token: third.adminToken });
    expect(await statusOf("/v0/sql?q=SELECT+1", { token })).toBe(403);
  });

  it.each([
    ["reads no other pipe", "/v0/pipes/outer.json", {}],
    ["reads no pipe that is not there", "/v0/pipes/nobody.json", {}],
    ["reads no data source", "/v0/sql?q=SELECT+*+FROM+events", {}],
    ["writes no rows", "/v0/events?name=events", { method: "POST", body: "{}" }],
    ["lists no tokens", "/v0/tokens", {}],
    ["makes no tokens", "/v0/tokens?name=x&scope=ADMIN", { method: "POST" }],
    ["sees no workspaces", "/v1/user/workspaces", {}],
  ])("%s that it has no scope for", async (_, path, init) => {
    expect(await statusOf(path, { token: await signed(), ...init })).toBe(403);
  });

  it("may append", async () => {
    const token = await signed({ scopes: [{ type: "DATASOURCES:APPEND", resource: "others" }] });
    expect(await statusOf("/v0/events?name=events", { method: "POST", body: "{}", token })).toBe(403);
    const right = await signed({ scopes: [{ type: "DATASOURCES:APPEND", resource: "events" }] });
    expect(await statusOf("/v0/events?name=events", { method: "POST", body: "", token: right })).toBe(202);
  });
});

describe("a fixed parameter", () => {
  const sql = "SELECT tenant, total FROM";
  const form = (values: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(values) });
  const asJson = (value: unknown) => ({
    method: "POST",
    body: JSON.stringify(value),
    headers: { "content-type": "application/json" },
  });
  it.each<[string, string, CallInit]>([
    ["the query", "/v0/pipes/totals.json?tenant=bolt", {}],
    ["a value twice in the query", "/v0/pipes/totals.json?tenant=bolt&tenant=acme", {}],
    ["a form", "/v0/pipes/totals.json", form({ tenant: "bolt" })],
    ["a form beside the query", "/v0/pipes/totals.json?tenant=bolt", form({ tenant: "bolt" })],
    ["a JSON body", "/v0/pipes/totals.json", asJson({ tenant: "bolt" })],
    ["a list in a JSON body", "/v0/pipes/totals.json", asJson({ tenant: ["bolt"] })],
    [
      "a prototype in a JSON body",
      "/v0/pipes/totals.json",
      { ...asJson(null), body: '{"__proto__":{"tenant":"bolt"}}' },
    ],
    ["q=", `/v0/pipes/totals.json?tenant=bolt&q=${sql}+_`, {}],
    ["q= that names the pipe", `/v0/pipes/totals.json?tenant=bolt&q=${sql}+totals`, {}],
    ["q= in a form", "/v0/pipes/totals.json", form({ tenant: "bolt", q: `${sql} _` })],
    ["q= in a JSON body", "/v0/pipes/totals.json", asJson({ tenant: "bolt", q: `${sql} _` })],
    ["a statement", `/v0/sql?tenant=bolt&q=${sql}+totals+FORMAT+JSON`, {}],
    ["a statement with pipeline", `/v0/sql?tenant=bolt&pipeline=totals&q=${sql}+_+FORMAT+JSON`, {}],
    ["a posted statement", "/v0/sql?tenant=bolt", { method: "POST", body: `${sql} totals` }],
    ["a posted form", "/v0/sql", form({ tenant: "bolt", q: `${sql} totals` })],
    ["a posted JSON body", "/v0/sql", asJson({ tenant: "bolt", q: `${sql} totals` })],
    [
      "a template of the caller",
      "/v0/sql?tenant=bolt",
      { method: "POST", body: `%\n${sql} {{table('totals')}}` },
    ],
    [
      "a template that sets it",
      "/v0/sql?tenant=bolt",
      { method: "POST", body: `%\n{% set tenant = 'bolt' %}${sql} totals` },
    ],
  ])("is not overridden by %s", async (_, path, init) => {
    expect(await rowsOf(path, { token: await signed(), ...init })).toEqual(ACME);
  });

  it.each([
    "/v0/pipes/totals/explain?tenant=bolt",
    "/v0/pipes/totals/nodes/matching/explain?tenant=bolt",
    "/v0/pipes/totals.json?explain=true&tenant=bolt",
  ])("is in the plan of %s", async (path) => {
    const { body } = await answer(path, { token: await signed() });
    expect(String(body.debug_query)).toContain("'acme'");
    expect(String(body.debug_query)).not.toContain("'bolt'");
  });

  it("holds for its pipe in every place of a statement", async () => {
    const q = `SELECT sum(total) AS total FROM (${sql} totals UNION ALL ${sql} totals)`;
    expect(await rowsOf("/v0/sql?tenant=bolt", { method: "POST", body: q, token: await signed() })).toEqual([
      { total: 2 },
    ]);
  });

  it("reaches the pipes that its pipe reads", async () => {
    const token = await reads("outer", { fixed_params: { tenant: "acme" } });
    expect(await rowsOf("/v0/pipes/outer.json?tenant=bolt", { token })).toEqual(ACME);
    expect(await rowsOf(`/v0/sql?tenant=bolt&q=${sql}+outer+FORMAT+JSON`, { token })).toEqual(ACME);
  });

  it("is each pipe's own", async () => {
    const scopes = ["acme", "bolt"].map((tenant, i) => ({
      type: "PIPES:READ",
      resource: ["totals", "outer"][i],
      fixed_params: { tenant },
    }));
    const q = `SELECT t.tenant AS one, o.tenant AS other FROM totals AS t CROSS JOIN outer AS o`;
    expect(await rowsOf("/v0/sql", { method: "POST", body: q, token: await signed({ scopes }) })).toEqual([
      { one: "acme", other: "bolt" },
    ]);
  });

  it("leaves the others to the caller", async () => {
    expect(
      await rowsOf("/v0/pipes/totals.json?tenant=bolt", {
        token: await reads("totals", { fixed_params: { limit: 1 } }),
      }),
    ).toEqual([{ tenant: "bolt", total: 2 }]);
  });

  it("is what the figures say of the request", async () => {
    const about: unknown[] = [];
    const { createApp } = await import("./app.ts");
    const watched = createApp({
      organization: app.organization,
      origin: () => "",
      onRequest: ({ call: { about: each } }) => about.push(each.token?.name, each.query?.parameters),
    });
    await watched(new Request(`http://127.0.0.1/v0/pipes/totals.json?tenant=bolt&token=${await signed()}`));
    expect(about).toEqual(["front", { tenant: "acme" }]);
  });
});

describe("a filter", () => {
  it.each<[string, string, CallInit]>([
    ["a statement", "/v0/sql?q=SELECT+tenant+FROM+events+FORMAT+JSON", {}],
    ["a posted statement", "/v0/sql", { method: "POST", body: "SELECT tenant FROM events" }],
    ["a template", "/v0/sql", { method: "POST", body: "%\nSELECT tenant FROM {{table('events')}}" }],
  ])("leaves out the rows of others in %s", async (_, path, init) => {
    expect(await rowsOf(path, { token: await readsEvents("tenant = 'acme'"), ...init })).toEqual([
      { tenant: "acme" },
    ]);
  });

  it("that looks beyond its data source lets nothing through", async () => {
    const token = await readsEvents("tenant IN (SELECT tenant FROM events)");
    expect(await statusOf("/v0/sql?q=SELECT+tenant+FROM+events", { token })).toBe(400);
  });

  it("that closes its bracket lets nothing through", async () => {
    const token = await readsEvents("tenant = 'acme') OR (1 = 1");
    expect(await statusOf("/v0/sql?q=SELECT+tenant+FROM+events", { token })).toBe(400);
  });

  it("on the name of a pipe opens no pipe", async () => {
    const token = await signed({
      scopes: [{ type: "DATASOURCES:READ", resource: "totals", filter: "total = 0" }],
    });
    expect(await statusOf("/v0/sql?q=SELECT+*+FROM+totals", { token })).toBe(403);
  });
});

describe("a limit", () => {
  const limited = (name: string, rps = 2) => signed({ name, limits: { rps } });
  const answersOf = async (tokens: readonly string[]) =>
    Promise.all(tokens.map((token) => call("/v0/pipes/totals.json", { token })));

  it("lets so many requests through in a second, and refuses more with the time to come back", async () => {
    const token = await limited("a");
    const answers = await answersOf([token, token, token]);
    const last = answers.find(({ status }) => status === 429);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
    expect(Object.fromEntries(last?.headers ?? [])).toMatchObject({
      "x-ratelimit-limit": "2",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": "1",
      "retry-after": "1",
    });
  });

  it("is told to the script of a page, too", async () => {
    const token = await limited("page", 1);
    const headers = { origin: "http://localhost:3000" };
    await call("/v0/pipes/totals.json", { token, headers });
    const refused = await call("/v0/pipes/totals.json", { token, headers });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
    expect(refused.headers.get("access-control-expose-headers")).toMatch(
      /X-RateLimit-Remaining.*Retry-After/,
    );
  });

  it("is told with every answer", async () => {
    const [first] = await answersOf([await limited("b")]);
    expect(first?.headers.get("x-ratelimit-remaining")).toBe("1");
  });

  it("is counted by name: another JWT of that name has no more of its own", async () => {
    const tokens = [
      await limited("c"),
      await signed({ name: "c", limits: { rps: 2 }, jti: "1" }),
      await limited("c"),
    ];
    expect((await answersOf(tokens)).map(({ status }) => status).sort()).toEqual([200, 200, 429]);
  });

  it("of one name is no limit of another", async () => {
    const tokens = await Promise.all(["d", "d", "e", "e"].map((name) => limited(name)));
    expect((await answersOf(tokens)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it("begins anew with the next second", async () => {
    const token = await limited("f", 1);
    await answersOf([token, token]);
    now = new Date(now.getTime() + 1000);
    expect((await answersOf([token]))[0]?.status).toBe(200);
  });
});
