import { describe, expect, it } from "vitest";
import { appForTests, ORIGIN } from "../app.test-setup.ts";
import { startTokens } from "./tokens.ts";

let now = new Date("2026-01-02T03:04:05.678Z");
const app = appForTests({ now: () => now });
const { answer, call } = app;

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly is_branch: boolean;
  readonly main: string | null;
}

const userToken = () => app.organization.userToken;

async function listed(search = "", token = userToken()): Promise<{ id: string; workspaces: Listed[] }> {
  const { body } = await answer(`/v1/user/workspaces${search}`, { token });
  return body as unknown as { id: string; workspaces: Listed[] };
}

async function namesOf(search = "", token = userToken()): Promise<string[]> {
  return (await listed(search, token)).workspaces.map(({ name }) => name);
}

/** A workspace of its own for each test. */
async function made(name: string): Promise<Listed> {
  const { status, body } = await answer(`/v1/workspaces?name=${name}`, {
    method: "POST",
    token: userToken(),
  });
  expect(status).toBe(200);
  return body as unknown as Listed;
}

async function branched(main: Listed, name: string): Promise<Listed> {
  await call(`/v1/environments?name=${name}`, { method: "POST", token: main.token });
  return (await answer(`/v0/environments/${name}?with_token=true`, { token: main.token }))
    .body as unknown as Listed;
}

describe("GET /v1/user/workspaces", () => {
  it.each([
    ["with a slash behind it", "/?with_organization=true"],
    ["with an empty first parameter", "?&with_organization=true"],
  ])("is answered %s", async (_, search) => {
    expect((await listed(search)).workspaces[0]).toMatchObject({
      name: "Tinybird_Local_Testing",
      role: "admin",
      plan: "dev",
      owner: expect.any(String),
      members: [{ id: expect.any(String), email: "local_testing@tinybird.co" }],
      organization: { id: app.organization.id, name: "local" },
      current: true,
    });
  });

  it("shows the tokens of all workspaces to the user, and to his own admin token", async () => {
    const { name, token } = await made("shown");
    for (const shown of [userToken(), startTokens(app.organization).admin_token]) {
      expect((await listed("", shown)).workspaces).toContainEqual(expect.objectContaining({ name, token }));
    }
  });

  it("shows a workspace's own admin itself and its branches only", async () => {
    const main = await made("narrow");
    const branch = await branched(main, "narrow_branch");
    expect(await namesOf("", main.token)).toEqual(["narrow", "narrow_branch"]);
    expect(await namesOf("", branch.token)).toEqual(["narrow_branch"]);
    expect((await listed("", main.token)).id).toBe(main.id);
  });

  it.each([
    ["", ["asked", "asked_branch"]],
    ["?with_environments=true", ["asked", "asked_branch"]],
    ["?with_environments=false", ["asked"]],
    ["?with_environments=true&only_environments=true", ["asked_branch"]],
  ])("lists what is asked for: %s", async (search, names) => {
    const main = app.organization.find("asked")?.adminToken ?? (await made("asked")).token;
    await call("/v1/environments?name=asked_branch", { method: "POST", token: main });
    expect(await namesOf(search, main)).toEqual(names);
  });

  it.each([
    ["with_members_and_owner=false", ["members", "owner"]],
    ["with_organization=false", ["organization"]],
  ])("leaves out what is not asked for: %s", async (search, keys) => {
    const [first] = (await listed(`?${search}`)).workspaces;
    const [whole] = (await listed()).workspaces;
    expect(
      Object.keys(whole ?? {})
        .filter((key) => !Object.hasOwn(first ?? {}, key))
        .sort(),
    ).toEqual(keys);
  });

  it("no longer lists what tb test left behind an hour ago", async () => {
    await made("Tinybird_Local_Test_old");
    now = new Date(now.getTime() + 3_600_001);
    expect(await namesOf()).not.toContain("Tinybird_Local_Test_old");
  });
});

describe("DELETE /v1/workspaces", () => {
  it.each([
    [
      "the beginning of tb test: by id, confirmed in the query",
      ({ id }: Listed) => `${id}?hard_delete_confirmation=yes`,
      undefined,
    ],
    [
      "the end of tb test: by name, confirmed in a form",
      ({ name }: Listed) => name,
      new URLSearchParams({ confirmation: "yes" }),
    ],
  ])("as at %s", async (_, path, body) => {
    const workspace = await made("deleted");
    const init = { method: "DELETE", token: userToken(), ...(body && { body }) };
    expect((await answer(`/v1/workspaces/${path(workspace)}`, init)).status).toBe(200);
    expect(await namesOf()).not.toContain("deleted");
    expect((await answer(`/v1/workspaces/${path(workspace)}`, init)).status).toBe(404);
  });

  it("lets a workspace's admin delete it, and no other", async () => {
    const [own, other] = [await made("own"), await made("foreign")];
    const remove = (id: string) => answer(`/v1/workspaces/${id}`, { method: "DELETE", token: own.token });
    expect([(await remove(other.id)).status, (await remove("nobody")).status]).toEqual([403, 403]);
    expect((await remove(own.id)).status).toBe(200);
    expect((await call("/v0/datasources", { token: own.token })).status).toBe(403);
  });

  it("refuses the workspace that /tokens names", async () => {
    const { status, body } = await answer("/v1/workspaces/Tinybird_Local_Testing", {
      method: "DELETE",
      token: userToken(),
    });
    expect({ status, error: body.error }).toEqual({
      status: 409,
      error: expect.stringMatching(/cannot be deleted/),
    });
  });
});

describe("branches", () => {
  it("are made by a job, and found with their token when it is asked for", async () => {
    const main = await made("with_branch");
    const { body } = await answer("/v1/environments?name=feature&data=", {
      method: "POST",
      token: main.token,
    });
    const { job } = body as { job: { id: string; job_id: string; job_url: string } };
    expect(job).toMatchObject({ job_id: job.id, job_url: `${ORIGIN}/v0/jobs/${job.id}` });
    expect((await answer(`/v0/jobs/${job.id}`, { token: main.token })).body.status).toBe("done");
    const { body: quiet } = await answer("/v0/environments/feature", { token: main.token });
    const { body: branch } = await answer("/v0/environments/feature?with_token=true", { token: main.token });
    expect(branch).toEqual({ ...quiet, token: expect.any(String) });
    expect(branch).toMatchObject({ name: "feature", is_branch: true, main: main.id });
    const { body: own } = await answer("/v1/workspace", { token: String(branch.token) });
    expect(own).toMatchObject({ id: branch.id, name: "feature", main: main.id });
  });

  it("are listed with their tokens for the workspace that they are of", async () => {
    const [one, two] = [await made("listing"), await made("not_listing")];
    const branch = await branched(one, "on_list");
    const environments = async (token: string) =>
      (await answer("/v1/environments", { token })).body.environments;
    expect(await environments(one.token)).toEqual([
      expect.objectContaining({ id: branch.id, token: branch.token }),
    ]);
    expect(await environments(two.token)).toEqual([]);
  });

  it.each([["id"], ["name"]] as const)("are deleted by %s", async (key) => {
    const main = await made(`deleting_by_${key}`);
    const branch = await branched(main, "gone");
    const remove = () => answer(`/v0/environments/${branch[key]}`, { method: "DELETE", token: main.token });
    expect((await remove()).status).toBe(200);
    expect((await remove()).status).toBe(404);
    expect((await call("/v0/datasources", { token: branch.token })).status).toBe(403);
  });

  it.each([
    ["without a name", "", 400, /'name' is missing/],
    ["with a name that is given", "name=taken", 409, /'taken' already/],
    ["with rows that nobody knows", "name=x&data=some", 400, /last_partition/],
  ])("%s are refused", async (_, search, status, sentence) => {
    const token = app.organization.find("refusing")?.adminToken ?? (await made("refusing")).token;
    await call("/v1/environments?name=taken", { method: "POST", token });
    const { status: came, body } = await answer(`/v1/environments?${search}`, { method: "POST", token });
    expect({ status: came, error: body.error }).toEqual({ status, error: expect.stringMatching(sentence) });
  });

  it("that are not there are 404: a client makes them then", async () => {
    expect((await answer("/v0/environments/nobody")).status).toBe(404);
  });

  it("have nothing to do with their siblings", async () => {
    const main = await made("siblings");
    const [one, two] = [await branched(main, "one"), await branched(main, "two")];
    const paths: [string, string][] = [
      ["GET", "/v1/environments"],
      ["POST", "/v1/environments?name=three"],
      ["DELETE", `/v0/environments/${two.id}`],
      ["DELETE", `/v1/workspaces/${two.id}`],
    ];
    for (const [method, path] of paths)
      expect((await call(path, { method, token: one.token })).status).toBe(403);
    expect((await call("/v0/datasources", { token: two.token })).status).toBe(200);
  });
});

describe("what clients ask first", () => {
  it.each([
    ["the user's token", () => userToken(), { is_valid: true, is_user: true }],
    [
      "a workspace's token",
      () => startTokens(app.organization).workspace_admin_token,
      { is_valid: true, is_user: false },
    ],
    ["a wrong token", () => "p.nobodys", { is_valid: false, is_user: false }],
    ["no token", () => null, { is_valid: false, is_user: false }],
  ])("GET /v0/auth tells of %s", async (_, token, body) => {
    expect(await answer("/v0/auth", { token: token() })).toEqual({ status: 200, body });
  });

  it("GET /v0/organizations tells the user of his own", async () => {
    const { id } = app.organization;
    expect(await answer(`/v0/organizations/${id}`, { token: userToken() })).toEqual({
      status: 200,
      body: { id, name: "local" },
    });
    expect((await answer("/v0/organizations/nobody", { token: userToken() })).status).toBe(404);
  });

  it.each([
    ["with a token", "format=json&pipe=top&q=&token=p.x", "/v0/pipes/top.json?token=p.x"],
    [
      "with SQL over it",
      "format=csv&pipe=top&q=SELECT 1&token=p.x",
      "/v0/pipes/top.csv?q=SELECT+1&token=p.x",
    ],
    [
      "with a name that needs escapes",
      "format=json&pipe=a/../b&q=&token=",
      "/v0/pipes/a%2F..%2Fb.json?token=",
    ],
  ])("GET /examples/query.http is the URL of a call %s, as plain text", async (_, search, url) => {
    const response = await call(`/examples/query.http?${search}`, { token: null });
    expect(response.headers.get("content-type")).toBe("text/plain");
    expect(await response.text()).toBe(ORIGIN + url);
  });

  it("GET /version is plain text", async () => {
    const response = await call("/version", { token: null });
    expect([response.headers.get("content-type"), await response.text()]).toEqual([
      "text/plain",
      expect.stringMatching(/^\d+\.\d+\.\d+$/),
    ]);
  });
});
