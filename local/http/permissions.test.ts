import { beforeAll, describe, expect, it } from "vitest";
import { appForTests, type CallInit } from "../app.test-setup.ts";
import { jwtRequest } from "../tokens/index.ts";
import type { Workspace } from "../workspace.ts";
import { ROUTES } from "./app.ts";
import type { Page } from "./page.ts";

const bytes = new TextEncoder().encode("served");
let now = new Date("2026-01-02T03:04:05.678Z");
const page: Page = {
  files: new Map([
    ["index.html", bytes],
    ["assets/a.js", bytes],
  ]),
  pipes: ["top"],
};
const app = appForTests({ now: () => now, page });
const { call, build } = app;

const EVENTS = `SCHEMA >
    \`id\` String \`json:$.id\`

ENGINE MergeTree
ENGINE_SORTING_KEY id
`;

const PROJECT = {
  "events.datasource": EVENTS,
  "others.datasource": EVENTS,
  "top.pipe": "NODE ranked\nSQL >\n    SELECT id FROM events ORDER BY id\n\nTYPE endpoint\n",
  "side.pipe": "NODE ranked\nSQL >\n    SELECT id FROM others ORDER BY id\n\nTYPE endpoint\n",
  "copied.pipe":
    "NODE chosen\nSQL >\n    SELECT id FROM events\n\nTYPE copy\nTARGET_DATASOURCE others\nCOPY_SCHEDULE @on-demand\n",
};

/** Every kind of token, by its scope where it has one; those about a resource are for `events` and `top`. */
const SCOPES = {
  append: "DATASOURCES:APPEND:events",
  read: "DATASOURCES:READ:events",
  create: "DATASOURCES:CREATE",
  drop: "DATASOURCES:DROP:events",
  pipe: "PIPES:READ:top",
  "create pipes": "PIPES:CREATE",
  "drop pipe": "PIPES:DROP:top",
  tokens: "TOKENS",
  deploy: "WORKSPACE:DEPLOY",
  "read all": "WORKSPACE:READ_ALL",
} as const;

const KINDS = [
  "admin",
  "user's admin",
  "user",
  "none",
  "wrong",
  ...(Object.keys(SCOPES) as (keyof typeof SCOPES)[]),
  "JWT for a pipe",
  "JWT that has expired",
  "another workspace's admin",
] as const;

type Kind = (typeof KINDS)[number];

const shown = new Map<Kind, string | null>();
let workspace: Workspace;
let other: Workspace;
let jobId: string;
let made = 0;

beforeAll(async () => {
  workspace = app.organization.defaultWorkspace;
  other = await app.organization.create("other");
  for (const { adminToken: token } of [workspace, other]) {
    await build(PROJECT, token);
    await expectFine("/v0/variables", {
      method: "POST",
      body: new URLSearchParams({ name: "salt", value: "x" }),
      token,
    });
    await expectFine("/v0/tokens?name=somebody&scope=PIPES:READ:side", { method: "POST", token });
    await expectFine("/v1/environments?name=side_branch", { method: "POST", token });
  }
  const imported = await call("/v1/datasources/events/append?format=ndjson", {
    method: "POST",
    body: '{"id":"a"}',
  });
  jobId = ((await imported.json()) as { id: string }).id;
  await makeTokens();
});

async function expectFine(path: string, init: CallInit): Promise<void> {
  expect((await call(path, init)).status).toBe(200);
}

async function makeTokens(): Promise<void> {
  shown.set("admin", workspace.adminToken).set("user's admin", workspace.userAdminToken);
  shown.set("user", app.organization.userToken).set("none", null).set("wrong", "p.nobodys");
  for (const [kind, scope] of Object.entries(SCOPES)) {
    const { token } = workspace.tokens.create({ name: kind, scopes: [scopeOf(scope)] });
    shown.set(kind as Kind, token);
  }
  const asked = { name: "front", scopes: [{ type: "PIPES:READ", resource: "top" }] };
  const jwt = (seconds: number) =>
    app.organization.signJwt(
      workspace,
      jwtRequest({ ...asked, expiration_time: Math.floor(now.getTime() / 1000) + seconds }, now),
    );
  shown.set("JWT for a pipe", await jwt(600)).set("JWT that has expired", await jwt(1));
  now = new Date(now.getTime() + 2000);
  shown.set("another workspace's admin", other.adminToken);
}

function scopeOf(text: string) {
  const [family, action, resource] = text.split(":");
  const type = [family, action].filter(Boolean).join(":") as "ADMIN";
  return { type, ...(resource !== undefined && { resource }) };
}

/** Of the caller's workspace: the admin of another one has all the rights there. */
const ADMINS: readonly Kind[] = ["admin", "user's admin", "another workspace's admin"];
const USER: readonly Kind[] = ["user", "user's admin"];
const READERS: readonly Kind[] = [...ADMINS, "read", "read all"];
const PIPE_READERS: readonly Kind[] = [...ADMINS, "pipe", "read all", "JWT for a pipe"];
const WRITERS: readonly Kind[] = [...ADMINS, "append", "create"];
const CREATORS: readonly Kind[] = [...ADMINS, "create"];
const KEEPERS: readonly Kind[] = [...ADMINS, "tokens"];
const OBSERVERS: readonly Kind[] = [...ADMINS, "deploy", "read all"];
const DEPLOYERS: readonly Kind[] = [...ADMINS, "deploy"];
const MEMBERS = KINDS.filter((kind) => !["user", "none", "wrong", "JWT that has expired"].includes(kind));

type Sample = readonly [path: string, init: CallInit];

interface Row {
  /** A request that succeeds for whoever may make it. Resources that it removes are made for it. */
  readonly sample: (kind: Kind) => Sample | Promise<Sample>;
  readonly allowed: readonly Kind[];
}

const row = (allowed: readonly Kind[], path: string, init: CallInit = {}): Row => ({
  allowed,
  sample: () => [path, init],
});

const name = () => `made_${made++}`;
const homeOf = (kind: Kind) => (kind === "another workspace's admin" ? other : workspace);
const post = (body?: string | URLSearchParams): CallInit => ({
  method: "POST",
  ...(body !== undefined && { body }),
});
const ROW = '{"id":"b"}';
const condition = () => post(new URLSearchParams({ delete_condition: "id = 'nobody'" }));

const MATRIX: Readonly<Record<string, Row>> = {
  "GET /version": row(KINDS, "/version"),
  "GET /v0/health": row(KINDS, "/v0/health"),
  "GET /v0/regions": row(KINDS, "/v0/regions"),
  "GET /examples/query.http": row(KINDS, "/examples/query.http?format=json&pipe=top&q="),
  "GET /tokens": row(KINDS, "/tokens"),
  "GET /v0/auth": row(KINDS, "/v0/auth"),

  "GET /v0/tokens": row(KEEPERS, "/v0/tokens"),
  "POST /v0/tokens": {
    allowed: KEEPERS,
    sample: () => [`/v0/tokens?name=${name()}&scope=PIPES:READ:top`, post()],
  },
  "GET /v0/tokens/:name": row(KEEPERS, "/v0/tokens/somebody"),
  "PUT /v0/tokens/:name": row(KEEPERS, "/v0/tokens/somebody?scope=PIPES:READ:side", { method: "PUT" }),
  "POST /v0/tokens/:name/refresh": row(KEEPERS, "/v0/tokens/somebody/refresh", post()),
  "DELETE /v0/tokens/:name": {
    allowed: KEEPERS,
    sample(kind) {
      const { id } = homeOf(kind).tokens.create({ name: name(), scopes: [] });
      return [`/v0/tokens/${id}`, { method: "DELETE" }];
    },
  },

  "GET /v0/organizations/:id": {
    allowed: USER,
    sample: () => [`/v0/organizations/${app.organization.id}`, {}],
  },
  "GET /v0/user/workspaces": row(["user", ...ADMINS], "/v0/user/workspaces"),
  "GET /v1/user/workspaces": row(["user", ...ADMINS], "/v1/user/workspaces"),
  "GET /v0/workspace": row(OBSERVERS, "/v0/workspace"),
  "GET /v1/workspace": row(OBSERVERS, "/v1/workspace"),
  "POST /v1/workspaces": { allowed: USER, sample: () => [`/v1/workspaces?name=${name()}`, post()] },
  "DELETE /v1/workspaces/:id": {
    allowed: USER,
    async sample() {
      const { id } = await app.organization.create(name());
      return [`/v1/workspaces/${id}`, { method: "DELETE" }];
    },
  },

  "GET /v0/environments": row(["user", ...ADMINS], "/v0/environments"),
  "GET /v1/environments": row(["user", ...ADMINS], "/v1/environments"),
  "GET /v0/environments/:name": row(["user", ...ADMINS], "/v0/environments/side_branch?with_token=true"),
  "POST /v1/environments": {
    allowed: ["user", ...ADMINS],
    sample: () => [`/v1/environments?name=${name()}`, post()],
  },
  "DELETE /v0/environments/:name": {
    allowed: ["user", ...ADMINS],
    async sample(kind) {
      const branch = name();
      await (await app.organization.createBranch(homeOf(kind), branch, "none")).ended;
      return [`/v0/environments/${branch}`, { method: "DELETE" }];
    },
  },

  "POST /v1/deploy": {
    allowed: DEPLOYERS,
    sample: () => ["/v1/deploy?check=true", { method: "POST", body: upload() }],
  },
  "GET /v1/deployments": row(DEPLOYERS, "/v1/deployments"),
  "GET /v1/deployments/:id": row(DEPLOYERS, "/v1/deployments/0"),
  "POST /v1/deployments/:id/set-live": row(DEPLOYERS, "/v1/deployments/0/set-live", post()),
  "DELETE /v1/deployments/:id": {
    allowed: DEPLOYERS,
    sample: async (kind) => [`/v1/deployments/${await stagedIn(homeOf(kind))}`, { method: "DELETE" }],
  },

  "GET /v0/connectors": row(ADMINS, "/v0/connectors"),
  "POST /v0/analyze": row(ADMINS, "/v0/analyze", post(ROW)),
  "GET /v0/dependencies": row(ADMINS, "/v0/dependencies?datasource=events"),
  "POST /v0/sql_tables": row(ADMINS, "/v0/sql_tables", post(new URLSearchParams({ q: "SELECT 1" }))),
  "POST /v0/pipes/:name/copy/pause": row(ADMINS, "/v0/pipes/top/copy/pause", post()),
  "POST /v0/pipes/:name/copy/resume": row(ADMINS, "/v0/pipes/top/copy/resume", post()),

  "GET /v0/variables": row(ADMINS, "/v0/variables"),
  "GET /v0/variables/:name": row(ADMINS, "/v0/variables/salt"),
  "PUT /v0/variables/:name": row(ADMINS, "/v0/variables/salt", {
    method: "PUT",
    body: new URLSearchParams({ value: "y" }),
  }),
  "POST /v0/variables": {
    allowed: ADMINS,
    sample: () => ["/v0/variables", post(new URLSearchParams({ name: name(), value: "x" }))],
  },
  "DELETE /v0/variables/:name": {
    allowed: ADMINS,
    sample(kind) {
      const secret = name();
      homeOf(kind).secrets.set(secret, "x");
      return [`/v0/variables/${secret}`, { method: "DELETE" }];
    },
  },

  "POST /v1/build": {
    allowed: DEPLOYERS,
    sample: () => ["/v1/build", { method: "POST", body: upload() }],
  },

  "GET /v0/datasources": row(READERS, "/v0/datasources"),
  "GET /v0/datasources/:name": row(READERS, "/v0/datasources/events"),
  "POST /v0/datasources": row(WRITERS, "/v0/datasources?mode=append&name=events&format=ndjson", post(ROW)),
  "POST /v0/datasources/:name/truncate": row([...ADMINS, "drop"], "/v0/datasources/events/truncate", post()),
  "POST /v0/datasources/:name/delete": {
    allowed: CREATORS,
    sample: () => ["/v0/datasources/events/delete", condition()],
  },
  "POST /v1/datasources/:name/delete": {
    allowed: CREATORS,
    sample: () => ["/v1/datasources/events/delete", condition()],
  },
  "POST /v1/datasources/:name/append": row(WRITERS, "/v1/datasources/events/append?format=ndjson", post(ROW)),
  "POST /v1/datasources/:name/replace": row(
    CREATORS,
    "/v1/datasources/events/replace?format=ndjson",
    post(ROW),
  ),
  "POST /v0/events": row(WRITERS, "/v0/events?name=events", post(ROW)),

  "GET /v0/jobs": row(OBSERVERS, "/v0/jobs"),
  // The job is the first workspace's own: the admin of another one has no business with it.
  "GET /v0/jobs/:id": {
    allowed: ["admin", "user's admin", "append", "create", "deploy", "read all"],
    sample: () => [`/v0/jobs/${jobId}`, {}],
  },
  "POST /v0/jobs/:id/cancel": {
    allowed: ["admin", "user's admin"],
    sample: () => [`/v0/jobs/${jobId}/cancel`, post()],
  },

  "GET /v0/pipes": row(PIPE_READERS, "/v0/pipes"),
  "GET /v0/pipes/openapi.json": row(MEMBERS, "/v0/pipes/openapi.json"),
  "GET /v1/pipes/:file": row(PIPE_READERS, "/v1/pipes/top.pipe"),
  "GET /v0/pipes/:file": row(PIPE_READERS, "/v0/pipes/top"),
  "POST /v0/pipes/:file": row(PIPE_READERS, "/v0/pipes/top.json", post()),
  "GET /v0/pipes/:pipe/explain": row(PIPE_READERS, "/v0/pipes/top/explain"),
  "GET /v0/pipes/:pipe/nodes/:node/explain": row(PIPE_READERS, "/v0/pipes/top/nodes/ranked/explain"),
  "POST /v0/pipes/:name/copy": row(ADMINS, "/v0/pipes/copied/copy", post()),

  "GET /v0/sql": row(READERS, "/v0/sql?q=SELECT+id+FROM+events"),
  // The page of this machine needs no login, and gets a token that reads its endpoints only.
  "GET /dashboard": row(KINDS, "/dashboard/"),
  "GET /dashboard/assets/:file": row(KINDS, "/dashboard/assets/a.js"),
  "POST /dashboard/token": row(KINDS, "/dashboard/token", {
    method: "POST",
    headers: { "sec-fetch-site": "same-origin" },
  }),
  "POST /v0/sql": row(PIPE_READERS, "/v0/sql", post("SELECT id FROM top")),
};

function upload(): FormData {
  const body = new FormData();
  for (const [path, content] of Object.entries(PROJECT)) {
    body.append("data_project://", new File([content], path, { type: "text/plain" }), path);
  }
  return body;
}

/** The id of a deployment in staging, made if there is none. */
async function stagedIn({ deployments }: Workspace): Promise<string> {
  const waiting = deployments.list().find(({ live }) => !live);
  if (waiting !== undefined) return waiting.id;
  const more = { "staged.pipe": "NODE one\nSQL >\n    SELECT 1 AS n\n\nTYPE endpoint\n" };
  const files = Object.entries({ ...PROJECT, ...more }).map(([path, content]) => ({ path, content }));
  const answer = await deployments.deploy(files, {
    isCheck: false,
    promotes: false,
    allowsDestructive: false,
  });
  if (answer.kind !== "deployed") throw new Error(`nothing is in staging: ${answer.kind}`);
  return answer.deployment.id;
}

it("the matrix has every route", () => {
  expect(Object.keys(MATRIX).sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});

describe("each kind of token is let in or told 403:", () => {
  it.each(Object.entries(MATRIX))("%s", async (_, { sample, allowed }) => {
    const came: Partial<Record<Kind, unknown>> = {};
    for (const kind of KINDS) {
      const [path, init] = await sample(kind);
      const response = await call(path, { ...init, token: shown.get(kind) ?? null });
      came[kind] = response.ok ? "allowed" : response.status;
      await response.text();
    }
    expect(came).toEqual(
      Object.fromEntries(KINDS.map((kind) => [kind, allowed.includes(kind) ? "allowed" : 403])),
    );
  });
});

describe("who may not know a resource is told the same whether it is there:", () => {
  const paths: readonly (readonly [path: string, init?: CallInit])[] = [
    ["/v0/datasources/others"],
    ["/v0/datasources/others.datasource"],
    ["/v0/datasources/others/truncate", post()],
    ["/v0/datasources/others/delete", condition()],
    ["/v1/datasources/others/delete", condition()],
    ["/v1/datasources/others/append?format=ndjson", post(ROW)],
    ["/v1/datasources/others/replace?format=ndjson", post(ROW)],
    ["/v0/datasources?mode=append&name=others", post(ROW)],
    ["/v0/datasources?mode=replace&name=others", post(ROW)],
    ["/v0/events?name=others", post(ROW)],
    ["/v0/pipes/others"],
    ["/v0/pipes/others.json"],
    ["/v0/pipes/others/explain"],
    ["/v1/pipes/others.pipe"],
    ["/v0/sql?q=SELECT+1+FROM+others"],
    ["/v0/sql?q=SELECT+1+FROM+_&pipeline=others"],
    ["/v0/pipes/top.json?q=SELECT+1+FROM+others"],
    ["/v0/variables/others"],
    ["/v0/tokens/others"],
    ["/v0/jobs/others"],
    ["/v0/environments/others"],
  ];
  const lesser: Kind[] = ["append", "read", "drop", "pipe", "JWT for a pipe"];
  const variants: Readonly<Record<string, string>> = {
    pipes: "side",
    variables: "salt",
    tokens: "somebody",
    environments: "side_branch",
  };

  it.each(paths.map(([path, init = {}]) => ({ path, init })))("$path", async ({ path, init }) => {
    const resource = variants[path.split("/")[2] ?? ""] ?? (path.includes("pipeline") ? "side" : "others");
    for (const kind of lesser) {
      const told = async (named: string) => {
        const response = await call(path.replace("others", named), {
          ...init,
          token: shown.get(kind) ?? null,
        });
        return { status: response.status, text: (await response.text()).replaceAll(named, "NAME") };
      };
      const there = await told(path.includes("/v0/jobs/") ? jobIdOfOther() : resource);
      expect(there.status).toBe(403);
      expect(await told("nobody")).toEqual(there);
    }
  });
});

describe("a list holds what the token may read:", () => {
  it.each<[Kind, string, string, readonly string[]]>([
    ["read", "/v0/datasources", "datasources", ["events"]],
    ["read all", "/v0/datasources", "datasources", ["events", "others"]],
    ["pipe", "/v0/pipes", "pipes", ["top"]],
    ["JWT for a pipe", "/v0/pipes", "pipes", ["top"]],
    ["read all", "/v0/pipes", "pipes", ["top", "side", "copied"]],
  ])("%s on %s", async (kind, path, key, names) => {
    const response = await call(path, { token: shown.get(kind) ?? null });
    const listed = ((await response.json()) as Record<string, { name: string }[]>)[key];
    expect(listed?.map((each) => each.name).sort()).toEqual(names.toSorted());
  });
});

/** A job that only an admin may see: it imports nothing that the lesser tokens may append to. */
function jobIdOfOther(): string {
  return workspace.rows.jobs.list().find(({ kind }) => kind === "branch")?.id ?? "";
}
