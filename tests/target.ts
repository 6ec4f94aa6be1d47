import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type LocalServer, readProject, startLocal } from "tb-embedded";

/** The project's folder. */
export const ROOT = join(import.meta.dirname, "..");

/** A server with the project built in a workspace of its own. Which server, `TEST_TARGET` says: embedded, running or docker. */
export interface Target {
  readonly url: string;
  /** The workspace's admin token. */
  readonly token: string;
  /** The secret of a TOKEN line, such as `tracker`. */
  tokenNamed(name: string): Promise<string>;
  get(path: string): Promise<Response>;
  post(
    path: string,
    body: NonNullable<RequestInit["body"]>,
    headers?: Record<string, string>,
  ): Promise<Response>;
  close(): Promise<void>;
}

/** Starts or finds the server, builds the project, and loads the fixtures when asked to. */
export async function startTarget(options: { fixtures: boolean }): Promise<Target> {
  const server = isElsewhere() ? null : await startLocal({ port: 0 });
  const url = server?.url ?? runningUrl();
  const workspace = await newWorkspace(url);
  const target = targetOf(url, workspace, server);
  await build(target);
  if (options.fixtures) await loadFixtures(target);
  return target;
}

/** `docker` has been started by then, and named as a running server is. */
function isElsewhere(): boolean {
  return ["running", "docker"].includes(process.env.TEST_TARGET ?? "embedded");
}

function runningUrl(): string {
  const { TB_LOCAL_HOST: host = "127.0.0.1", TB_LOCAL_PORT: port = "7181" } = process.env;
  return `http://${host.replace(/^https?:\/\//, "")}:${port}`;
}

interface TestWorkspace {
  readonly id: string;
  readonly token: string;
  readonly userToken: string;
}

async function newWorkspace(url: string): Promise<TestWorkspace> {
  const { user_token: userToken } = await read<{ user_token: string }>(await fetch(`${url}/tokens`));
  const name = `Tinybird_Local_Test_${process.pid}_${Date.now()}`;
  const made = await fetch(`${url}/v1/workspaces?name=${name}`, {
    method: "POST",
    headers: bearer(userToken),
  });
  return { ...(await read<{ id: string; token: string }>(made)), userToken };
}

function targetOf(url: string, workspace: TestWorkspace, server: LocalServer | null): Target {
  const { token } = workspace;
  const get = (path: string) => fetch(url + path, { headers: bearer(token) });
  return {
    url,
    token,
    get,
    post: (path, body, headers = {}) =>
      fetch(url + path, { method: "POST", body, headers: { ...bearer(token), ...headers } }),
    tokenNamed: async (name) => (await read<{ token: string }>(await get(`/v0/tokens/${name}`))).token,
    async close() {
      await fetch(`${url}/v1/workspaces/${workspace.id}`, {
        method: "DELETE",
        headers: bearer(workspace.userToken),
      });
      await server?.close();
    },
  };
}

async function build(target: Target): Promise<void> {
  const body = new FormData();
  for (const { path, content } of await readProject(ROOT)) {
    body.append("data_project://", new File([content], path, { type: "text/plain" }), path);
  }
  await read(await target.post("/v1/build", body));
}

/** The fixtures as `tb build` sends them. */
async function loadFixtures(target: Target): Promise<void> {
  for (const file of readdirSync(join(ROOT, "fixtures")).filter((name) => name.endsWith(".ndjson"))) {
    const rows = readFileSync(join(ROOT, "fixtures", file));
    const path = `/v1/datasources/${file.replace(/\.ndjson$/, "")}/append?format=ndjson`;
    const job = await read<{ id: string }>(
      await target.post(path, new Uint8Array(rows), { "content-type": "application/x-ndjson" }),
    );
    await ended(target, job.id);
  }
}

/** Asks for a job until it has ended; the server ends it in its own time. */
async function ended(target: Target, id: string): Promise<void> {
  const job = await read<{ status: string; error?: string }>(await target.get(`/v0/jobs/${id}`));
  if (job.status === "done") return;
  if (job.status === "error") throw new Error(`The job ${id} failed: ${job.error}`);
  await ended(target, id);
}

async function read<Body>(response: Response): Promise<Body> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Body;
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}
