import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { appForTests, type CallInit } from "../app.test-setup.ts";

const app = appForTests();
const { answer, call, build, tokenNamed } = app;

const EVENTS = `TOKEN tracker APPEND

SCHEMA >
    \`id\` String \`json:$.id\`,
    \`n\` Int32 \`json:$.n\`

ENGINE MergeTree
ENGINE_SORTING_KEY id
`;

const TOP = `NODE ranked
SQL >
    SELECT id, n FROM events ORDER BY id

TYPE endpoint
`;

beforeAll(async () => {
  await build({ "events.datasource": EVENTS, "others.datasource": EVENTS, "top.pipe": TOP });
  await call("/v0/events?name=events&wait=true", {
    method: "POST",
    body: '{"id":"a","n":1}\n{"id":"b","n":2}\n{"id":"a:b","n":3}',
  });
});

const made = new Map<string, number>();

/** Makes a token with a name of its own. */
async function tokenWith(...scopes: string[]): Promise<string> {
  made.set("count", (made.get("count") ?? 0) + 1);
  const search = new URLSearchParams([
    ["name", `made_${made.get("count")}`],
    ...scopes.map((scope) => ["scope", scope]),
  ] as [string, string][]);
  const { status, body } = await answer(`/v0/tokens?${search}`, { method: "POST" });
  expect(status).toBe(200);
  return String(body.token);
}

const statusOf = async (path: string, init: CallInit) => (await call(path, init)).status;

async function rowsOf(sql: string, token: string): Promise<unknown> {
  const { body } = await answer("/v0/sql", { method: "POST", body: sql, token });
  return body.data ?? body.error;
}

describe("a static token", () => {
  it("is made with its scopes, and shown as clients read it", async () => {
    const search =
      "name=reader&origin=C&description=For+charts&scope=PIPES:READ:top&scope=DATASOURCES:READ:events:n > 1";
    const { body } = await answer(`/v0/tokens?${search}`, { method: "POST" });
    expect(body).toEqual({
      id: expect.any(String),
      token: expect.stringMatching(/^p\.eyJ/),
      name: "reader",
      description: "For charts",
      scopes: [
        { type: "PIPES:READ", resource: "top" },
        { type: "DATASOURCES:READ", resource: "events", filter: "n > 1" },
      ],
      origin: "C",
      is_internal: false,
    });
    expect((await answer("/v0/tokens/reader")).body).toEqual(body);
    expect((await answer(`/v0/tokens/${String(body.id)}`)).body).toEqual(body);
    expect((await answer("/v0/tokens")).body.tokens).toContainEqual(body);
  });

  it("takes long lists of scopes from a form", async () => {
    const form = new URLSearchParams([
      ["name", "from_form"],
      ["scope", "DATASOURCES:READ:events"],
      ["scope", "DATASOURCES:APPEND:others"],
    ]);
    const { body } = await answer("/v0/tokens", { method: "POST", body: form });
    expect(body.scopes).toHaveLength(2);
  });

  it("knows its resource by id, too, and keeps the name", async () => {
    const { body: events } = await answer("/v0/datasources/events");
    const token = await tokenWith(`DATASOURCES:READ:${String(events.id)}`);
    const { body } = await answer(`/v0/tokens/${token}`);
    expect(body.scopes).toEqual([{ type: "DATASOURCES:READ", resource: "events" }]);
  });

  it.each([
    ["without a name", "scope=ADMIN", 400, /'name' is missing/],
    ["without a scope", "name=x", 400, /'scope' is missing/],
    ["with a scope that is none", "name=x&scope=DATASOURCES:EAT:events", 400, /DATASOURCES:APPEND/],
    ["with a resource that nothing has", "name=x&scope=PIPES:READ:nobody", 404, /'nobody' not found/],
    ["with a data source in place of a pipe", "name=x&scope=PIPES:READ:events", 404, /'events' not found/],
    ["with a resource for ADMIN", "name=x&scope=ADMIN:events", 400, /without a resource/],
    ["with a filter on a pipe", "name=x&scope=PIPES:READ:top:n=1", 400, /filter on DATASOURCES:READ/],
    [
      "with a filter that reads another table",
      "name=x&scope=DATASOURCES:READ:events:n IN (SELECT n FROM others)",
      400,
      /others/,
    ],
    ["with a filter that is none", "name=x&scope=DATASOURCES:READ:events:n = (1", 400, /./],
    ["with the name of another", "name=tracker&scope=ADMIN", 409, /'tracker' already/],
    ["for a JWT without scopes", "name=x&expiration_time=1000", 400, /'scopes' is 'missing'/],
  ])("%s is refused", async (_, search, status, sentence) => {
    const { status: came, body } = await answer(`/v0/tokens?${search}`, { method: "POST" });
    expect({ status: came, error: body.error }).toEqual({ status, error: expect.stringMatching(sentence) });
    expect(await statusOf("/v0/tokens/x", {})).toBe(403);
  });

  it("changes its scopes at once", async () => {
    const token = await tokenWith("DATASOURCES:READ:events");
    const change = (scope: string) => call(`/v0/tokens/${token}?scope=${scope}`, { method: "PUT" });
    expect(await statusOf("/v0/datasources/events", { token })).toBe(200);
    await change("DATASOURCES:READ:others");
    expect(await statusOf("/v0/datasources/events", { token })).toBe(403);
    expect(await statusOf("/v0/datasources/others", { token })).toBe(200);
  });

  it("keeps what a change does not name", async () => {
    const token = await tokenWith("DATASOURCES:READ:events");
    const { body } = await answer(`/v0/tokens/${token}?name=renamed&description=d`, { method: "PUT" });
    expect(body).toMatchObject({ name: "renamed", description: "d", scopes: [{ resource: "events" }] });
    expect(await statusOf("/v0/datasources/events", { token })).toBe(200);
  });

  it("is refreshed at once: the old secret is nobody's", async () => {
    const token = await tokenWith("DATASOURCES:READ:events");
    const { body } = await answer(`/v0/tokens/${token}/refresh`, { method: "POST" });
    expect(await statusOf("/v0/datasources/events", { token })).toBe(403);
    expect(await statusOf("/v0/datasources/events", { token: String(body.token) })).toBe(200);
  });

  it("is removed at once", async () => {
    const token = await tokenWith("DATASOURCES:READ:events");
    expect(await answer(`/v0/tokens/${token}`, { method: "DELETE" })).toEqual({
      status: 200,
      body: { ok: true },
    });
    expect(await statusOf("/v0/datasources/events", { token })).toBe(403);
  });

  it.each([
    ["DELETE", "/v0/tokens/nobody"],
    ["PUT", "/v0/tokens/nobody?scope=ADMIN"],
    ["POST", "/v0/tokens/nobody/refresh"],
  ])("that is not there is told: %s %s", async (method, path) => {
    expect(await answer(path, { method })).toMatchObject({
      status: 404,
      body: { error: "Token 'nobody' not found" },
    });
  });

  it("of a TOKEN line keeps its secret in the next build", async () => {
    const before = await tokenNamed("tracker");
    await build({ "events.datasource": EVENTS, "others.datasource": EVENTS, "top.pipe": TOP });
    expect(await tokenNamed("tracker")).toBe(before);
  });

  it("that a call made takes the scopes of a TOKEN line of its name", async () => {
    const { body: own } = await answer("/v0/tokens?name=shared&scope=DATASOURCES:READ:others", {
      method: "POST",
    });
    const line = { "top.pipe": `TOKEN shared READ\n\n${TOP}` };
    await build({ "events.datasource": EVENTS, "others.datasource": EVENTS, ...line });
    const { body } = await answer("/v0/tokens/shared");
    expect(body).toEqual({
      ...own,
      scopes: [...(own.scopes as []), { type: "PIPES:READ", resource: "top" }],
    });
  });
});

describe("the tokens that a workspace starts with", () => {
  it.each(["PUT", "DELETE"])("stay: %s is refused", async (method) => {
    const { status, body } = await answer("/v0/tokens/workspace%20admin%20token?scope=PIPES:READ:top", {
      method,
    });
    expect({ status, error: body.error }).toEqual({
      status: 403,
      error: expect.stringMatching(/refreshed only/),
    });
  });

  it("are refreshed, and /tokens tells the new one", async () => {
    const { workspace_admin_token: before } = (await answer("/tokens")).body;
    const { body } = await answer("/v0/tokens/workspace%20admin%20token/refresh", { method: "POST" });
    expect((await answer("/tokens")).body.workspace_admin_token).toBe(body.token);
    expect(await statusOf("/v0/datasources", { token: String(before) })).toBe(403);
  });
});

describe("a token that keeps tokens", () => {
  it("sees and makes others", async () => {
    const token = await tokenWith("TOKENS");
    expect(await statusOf("/v0/tokens/tracker", { token })).toBe(200);
    expect(await statusOf("/v0/tokens?name=by_keeper&scope=PIPES:READ:top", { method: "POST", token })).toBe(
      200,
    );
  });

  it.each([
    ["does not list an admin's token", "GET", "/v0/tokens", 200],
    ["does not read an admin's token", "GET", "/v0/tokens/workspace%20admin%20token", 403],
    ["does not refresh an admin's token", "POST", "/v0/tokens/workspace%20admin%20token/refresh", 403],
    ["does not make an admin's token", "POST", "/v0/tokens?name=sly&scope=ADMIN", 403],
    ["does not turn a token into an admin's", "PUT", "/v0/tokens/tracker?scope=ADMIN", 403],
  ])("%s", async (_, method, path, status) => {
    const token = await tokenWith("TOKENS");
    const response = await call(path, { method, token });
    expect(response.status).toBe(status);
    const { workspace_admin_token: secret } = (await answer("/tokens")).body;
    expect(await response.text()).not.toContain(String(secret));
  });
});

it("whoever has a token may ask about it", async () => {
  const token = await tokenNamed("tracker");
  expect(await statusOf("/v0/tokens/tracker", { token })).toBe(200);
  expect(await statusOf("/v0/tokens/shared", { token })).toBe(403);
});

describe("a filter", () => {
  it.each([
    ["leaves out rows", "DATASOURCES:READ:events:n > 1", [{ id: "a:b" }, { id: "b" }]],
    ["may hold colons", "DATASOURCES:READ:events:id = 'a:b'", [{ id: "a:b" }]],
    ["may end in a comment", "DATASOURCES:READ:events:n = 1 -- only", [{ id: "a" }]],
  ])("%s", async (_, scope, rows) => {
    expect(await rowsOf("SELECT id FROM events ORDER BY id", await tokenWith(scope))).toEqual(rows);
  });

  it("is one of several: each lets its rows pass", async () => {
    const token = await tokenWith("DATASOURCES:READ:events:n = 1", "DATASOURCES:READ:events:n = 2");
    expect(await rowsOf("SELECT n FROM events ORDER BY n", token)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it.each([
    ["a subquery", "SELECT count() AS n FROM (SELECT * FROM events)", [{ n: 1 }]],
    ["a join", "SELECT count() AS n FROM events AS a INNER JOIN events AS b ON a.id != b.id", [{ n: 0 }]],
    [
      "IN",
      "SELECT count() AS n FROM (SELECT arrayJoin(['a', 'b']) AS i, arrayJoin([1, 2]) AS k) WHERE (i, toInt32(k)) IN events",
      [{ n: 1 }],
    ],
    ["a union", "SELECT n FROM events UNION ALL SELECT n FROM events", [{ n: 1 }, { n: 1 }]],
    ["a common table expression", "WITH e AS (SELECT n FROM events) SELECT * FROM e", [{ n: 1 }]],
    ["qualified columns", "SELECT events.n AS n FROM events", [{ n: 1 }]],
  ])("holds in %s", async (_, sql, rows) => {
    expect(await rowsOf(sql, await tokenWith("DATASOURCES:READ:events:n = 1"))).toEqual(rows);
  });

  it("closes the quarantine and the description, which know of all rows", async () => {
    const token = await tokenWith("DATASOURCES:READ:events:n = 1");
    expect(await rowsOf("SELECT count() FROM events_quarantine", token)).toMatch(/may not read/);
    expect(await statusOf("/v0/datasources/events", { token })).toBe(403);
  });

  it("is not asked of a pipe that the token may read", async () => {
    const token = await tokenWith("DATASOURCES:READ:events:n = 1", "PIPES:READ:top");
    expect(await rowsOf("SELECT count() AS n FROM top", token)).toEqual([{ n: 3 }]);
  });
});

it("the catalog holds a changed token when the call is answered, for its owner only", async () => {
  const token = await tokenWith("DATASOURCES:READ:events");
  expect(readFileSync(join(app.folder, "catalog.json"), "utf8")).toContain(token);
});
