import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { columnOf, engineForTests } from "./engine.test-setup.ts";
import { DEFAULT_WORKSPACE, Organization, type OrganizationOptions } from "./organization.ts";
import { jwtRequest } from "./tokens/index.ts";
import type { Workspace } from "./workspace.ts";

const engine = engineForTests();
const EVERYTHING = {
  reading: { mayRead: () => true, filtersOf: () => null, fixedParamsOf: () => ({}) },
  params: {},
  format: "TSV",
};

const EVENTS = `TOKEN tracker APPEND

SCHEMA >
    \`month\` Date \`json:$.month\`,
    \`n\` Int32 \`json:$.n\`

ENGINE MergeTree
ENGINE_PARTITION_KEY toYYYYMM(month)
ENGINE_SORTING_KEY n
`;

const TOP = `NODE ranked
SQL >
    %
    SELECT n FROM events WHERE toString(n) != {{tb_secret('salt')}} ORDER BY n

TYPE endpoint
`;

const PROJECT = [
  { path: "events.datasource", content: EVENTS },
  { path: "top.pipe", content: TOP },
];

let dataDir: string;
let now: Date;
let organization: Organization;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "tb-embedded-organization-"));
  now = new Date("2026-01-02T03:04:05.678Z");
  organization = await open();
});

afterEach(async () => {
  await organization.close();
  for (const workspace of organization.list()) await workspace.dropDatabase();
  rmSync(dataDir, { recursive: true, force: true });
});

function open(options: Partial<OrganizationOptions> = {}): Promise<Organization> {
  return Organization.open({ engine, dataDir, now: () => now, ...options });
}

async function restart(options: Partial<OrganizationOptions> = {}): Promise<void> {
  await organization.close();
  organization = await open(options);
}

/** A workspace with a project, a secret and one row a month. */
async function filled(name: string, months = ["2025-01-01", "2025-02-01"]): Promise<Workspace> {
  const workspace = await organization.create(name);
  workspace.secrets.set("salt", name);
  expect(await workspace.build(PROJECT)).toMatchObject({ ok: true });
  const rows = months.map((month, n) => JSON.stringify({ month, n }));
  const body = Buffer.from(rows.join("\n"));
  await workspace.rows.post("events", { size: body.length, read: async () => body }, { waits: true });
  return workspace;
}

async function numbersOf(workspace: Workspace, from = "events"): Promise<string> {
  const { bytes } = await workspace.queries.sql(`SELECT n FROM ${from} ORDER BY n`, EVERYTHING);
  return new TextDecoder().decode(bytes).trim().replaceAll("\n", ",");
}

async function branchOf(main: Workspace, name: string, data: "none" | "last_partition" | "all_partitions") {
  const job = await (await organization.createBranch(main, name, data)).ended;
  const branch = organization.branch(main, name);
  if (branch === null) throw new Error(`no branch: ${job.error}`);
  return { job, branch };
}

function names(): string[] {
  return organization.list().map(({ name }) => name);
}

const databases = () => columnOf(engine, "SELECT name FROM system.databases WHERE name LIKE 'w\\_%'");

describe("a workspace", () => {
  it("has rows, secrets, tokens and jobs of its own", async () => {
    const one = await filled("one");
    const two = await filled("two", []);
    const file = {
      format: "ndjson",
      body: Readable.from([Buffer.from('{"month":"2025-01-01","n":7}')]),
      dialect: {},
      size: null,
    } as const;
    const job = await one.rows.append("events", file).ended;
    one.tokens.create({ name: "own", scopes: [] });
    one.secrets.set("pepper", "x");
    expect(await numbersOf(one)).toBe("0,1,7");
    expect(await numbersOf(two)).toBe("");
    expect(two.rows.jobs.find(job.id)).toBeNull();
    expect(two.tokens.named("own")).toBeNull();
    expect(two.secrets.list().map(({ name }) => name)).toEqual(["salt"]);
    expect(one.tokens.named("tracker")?.token).not.toBe(two.tokens.named("tracker")?.token);
  });

  it("comes back from a restart with rows, project, secrets, tokens and jobs", async () => {
    const before = await filled("kept");
    const token = before.tokens.create({
      name: "reader",
      scopes: [{ type: "DATASOURCES:READ", resource: "events", filter: "n = 1" }],
    });
    const job = await before.rows.delete("events", "n = 0").ended;
    await restart();
    const after = organization.find("kept");
    if (after === null) throw new Error("gone");
    expect(after).not.toBe(before);
    expect(await numbersOf(after, "top")).toBe("1");
    expect(after.record()).toEqual(before.record());
    expect(after.rows.jobs.find(job.id)).toEqual(job);
    expect(await organization.identify(token.token)).toMatchObject({ kind: "member", credential: token });
  });

  it("remembers a job that the end of the server cut off, as failed", async () => {
    const { rows } = await filled("kept");
    const untilCancelled = ({ signal }: { signal: AbortSignal }) =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const subject = { kind: "import", datasource: "events", datasourceId: "t_1" } as const;
    const { id } = rows.jobs.run(subject, untilCancelled);
    // What a process that ends here leaves behind.
    const left = join(dataDir, "left");
    mkdirSync(left);
    copyFileSync(join(dataDir, "catalog.json"), join(left, "catalog.json"));
    const next = await open({ dataDir: left });
    await next.close();
    expect(next.find("kept")?.rows.jobs.find(id)).toMatchObject({
      status: "error",
      error: "The server ended before the job did",
    });
  });

  it("takes its database and its log with it when it is deleted", async () => {
    const before = await databases();
    const workspace = await filled("gone");
    await organization.delete(workspace.id);
    expect(await databases()).toEqual(before);
    expect(readFileSync(join(dataDir, "catalog.json"), "utf8")).not.toContain('"gone"');
  });

  it.each([
    ["with a name that is taken", () => organization.create(DEFAULT_WORKSPACE), "WORKSPACE_EXISTS"],
    ["that is not there", () => organization.delete("nobody"), "UNKNOWN_WORKSPACE"],
  ])("%s is refused", async (_, work, code) => {
    await expect(work()).rejects.toMatchObject({ code });
  });
});

it("the workspace that /tokens names comes back empty, with its tokens, when it is deleted and made again", async () => {
  const before = organization.defaultWorkspace;
  await before.build([{ path: "events.datasource", content: EVENTS }]);
  await organization.delete(before.id);
  expect(names()).toEqual([]);
  const after = await organization.create(DEFAULT_WORKSPACE);
  expect([after.adminToken, after.userAdminToken]).toEqual([before.adminToken, before.userAdminToken]);
  expect(await after.resources.datasources()).toEqual([]);
  expect(after.tokens.named("tracker")).toBeNull();
});

describe("tokens from outside", () => {
  it("take the place of made ones, also in a data directory that has some", async () => {
    await restart({ userToken: "user-preset", workspaceToken: "admin-preset" });
    expect(organization.defaultWorkspace.adminToken).toBe("admin-preset");
    expect(await organization.identify("user-preset")).toEqual({ kind: "user" });
    expect(await organization.identify("admin-preset")).toMatchObject({ kind: "member" });
  });

  it("sign JWTs however short they are", async () => {
    await restart({ workspaceToken: "s" });
    const asked = {
      name: "front",
      expiration_time: now.getTime() / 1000 + 60,
      scopes: [{ type: "PIPES:READ", resource: "top" }],
    };
    const jwt = await organization.signJwt(
      organization.defaultWorkspace,
      jwtRequest({ ...asked, expiration_time: Math.ceil(asked.expiration_time) }, now),
    );
    expect(await organization.identify(jwt)).toMatchObject({ kind: "member", credential: { name: "front" } });
  });
});

describe("workspaces of tb test", () => {
  const TEST = "Tinybird_Local_Test_1";
  const HOUR_MS = 3_600_000;
  const later = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };

  it("stay for an hour, and no longer", async () => {
    await organization.create(TEST);
    later(HOUR_MS);
    await organization.expire();
    expect(names()).toContain(TEST);
    later(1);
    await organization.expire();
    expect(names()).not.toContain(TEST);
  });

  it("that are old go away when the next is made", async () => {
    await organization.create(TEST);
    later(HOUR_MS + 1);
    await organization.create("Tinybird_Local_Test_2");
    expect(names()).toEqual([DEFAULT_WORKSPACE, "Tinybird_Local_Test_2"]);
  });

  it("that are old go away with a restart", async () => {
    await organization.create(TEST);
    later(HOUR_MS + 1);
    await restart();
    expect(names()).toEqual([DEFAULT_WORKSPACE]);
  });

  it("are the only ones that go", async () => {
    await organization.create("Tinybird_Local_Build_1");
    later(100 * HOUR_MS);
    await organization.expire();
    expect(names()).toEqual([DEFAULT_WORKSPACE, "Tinybird_Local_Build_1"]);
  });
});

describe("a branch", () => {
  it.each([
    ["none", "", 0],
    ["last_partition", "1", 1],
    ["all_partitions", "0,1", 2],
  ] as const)("starts with the project, the secrets and, of rows, %s", async (data, rows, count) => {
    const main = await filled("main");
    const { job, branch } = await branchOf(main, "feature", data);
    expect(job).toMatchObject({ kind: "branch", status: "done", rows: count });
    expect(await numbersOf(branch, "top")).toBe(rows);
    expect(branch.main).toBe(main.id);
  });

  it("changes nothing of its main workspace", async () => {
    const main = await filled("main");
    const { branch } = await branchOf(main, "feature", "all_partitions");
    await branch.rows.truncate("events");
    await branch.build([{ path: "other.datasource", content: EVENTS }]);
    branch.secrets.set("salt", "changed");
    expect(await numbersOf(main, "top")).toBe("0,1");
    expect(main.record().secrets.salt?.value).toBe("main");
  });

  it("has tokens of its own", async () => {
    const main = await filled("main");
    const { branch } = await branchOf(main, "feature", "none");
    const secrets = new Set([...main.tokens.list(), ...branch.tokens.list()].map(({ token }) => token));
    expect(secrets.size).toBe(main.tokens.list().length + branch.tokens.list().length);
    expect(await organization.identify(branch.adminToken)).toMatchObject({ workspace: branch });
  });

  it("may have the name of a branch of another workspace, or of a workspace", async () => {
    const [one, two] = [await organization.create("one"), await organization.create("two")];
    const first = await branchOf(one, "feature", "none");
    const second = await branchOf(two, "feature", "none");
    await branchOf(one, "two", "none");
    expect(organization.branch(two, "feature")).toBe(second.branch);
    expect(first.branch).not.toBe(second.branch);
    expect(organization.find("two")).toBe(two);
  });

  it("with a name that its workspace has given is refused", async () => {
    const main = await organization.create("main");
    await branchOf(main, "feature", "none");
    await expect(organization.createBranch(main, "feature", "none")).rejects.toMatchObject({
      code: "WORKSPACE_EXISTS",
    });
  });

  it("comes back from a restart", async () => {
    const main = await filled("main");
    await branchOf(main, "feature", "all_partitions");
    await restart();
    const again = organization.find("main");
    const branch = again && organization.branch(again, "feature");
    expect(branch && (await numbersOf(branch, "top"))).toBe("0,1");
  });

  it("is gone with its main workspace", async () => {
    const main = await filled("main");
    await branchOf(main, "feature", "none");
    await organization.delete(main.id);
    expect(names()).toEqual([DEFAULT_WORKSPACE]);
  });

  it("that cannot be built is gone, and the job says why", async () => {
    const main = await filled("main");
    main.secrets.delete("salt");
    const before = await databases();
    const job = await (await organization.createBranch(main, "feature", "none")).ended;
    expect(job).toMatchObject({ status: "error", error: expect.stringMatching(/top\.pipe.*salt/) });
    expect(organization.branch(main, "feature")).toBeNull();
    expect(await databases()).toEqual(before);
  });
});
