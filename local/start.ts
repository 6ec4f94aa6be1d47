import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { lockDataDir } from "./data-dir.ts";
import { type Engine, EngineError } from "./engine/engine.ts";
import { type IsolatedEngine, openIsolated } from "./engine/isolated.ts";
import { fault } from "./errors.ts";
import { loadFixtures } from "./fixtures.ts";
import { createApp } from "./http/app.ts";
import { readPage } from "./http/page.ts";
import { EVENTS_PER_SECOND, RateLimit } from "./http/rate-limit.ts";
import { listen } from "./http/server.ts";
import { startTokens } from "./http/tokens.ts";
import { Metrics } from "./observe/metrics.ts";
import { recordOperation, recordStorage } from "./observe/operations.ts";
import { recordQuery, requestLine } from "./observe/requests.ts";
import { ServiceLog } from "./observe/service-log.ts";
import { StorageWatch } from "./observe/storage-watch.ts";
import { Organization } from "./organization.ts";
import { readProject } from "./plan/project.ts";
import { type Changes, NO_CHANGES, problemLine, type WorkspaceContext } from "./workspace.ts";

/** The port of Tinybird Local, which clients take when they are told none. */
export const DEFAULT_PORT = 7181;

export interface LocalOptions {
  /** Port on 127.0.0.1; 0 picks a free one. Default 7181. */
  readonly port?: number;
  /** Folder that keeps rows, tokens and builds. Default: a temporary one, removed by `close`. */
  readonly dataDir?: string;
  /** Folder of a Tinybird Forward project to build into the default workspace at the start. Default: none. */
  readonly project?: string;
  /** Loads the project's `fixtures/` at the start, as `tb build` does. Default: no. */
  readonly fixtures?: boolean;
  /** One moment for `now()`, `today()` and the like in every query, so that a test holds tomorrow. Default: the clock. */
  readonly frozenAt?: Date;
  /** Tokens to use instead of made ones. Default: TB_LOCAL_USER_TOKEN and TB_LOCAL_WORKSPACE_TOKEN. */
  readonly userToken?: string;
  readonly workspaceToken?: string;
  /** Requests of the Events API in a second for each data source; null for no limit. Default 100, as Tinybird has it. */
  readonly rateLimit?: number | null;
  /** Whether imports may read URLs of other machines. Default: no. */
  readonly allowRemoteUrls?: boolean;
  /** Folder of a built page to serve at `/dashboard/`, with a token for the endpoints that it lists. Default: none. */
  readonly dashboard?: string;
  /** Told a line of JSON for every request, without tokens. Default: nobody. */
  readonly requestLog?: (line: string) => void;
  /** Told what only a person can act on. Default: standard error. */
  readonly warn?: (line: string) => void;
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

export interface LocalServer {
  /** For example `http://127.0.0.1:7181`. */
  readonly url: string;
  readonly port: number;
  readonly tokens: {
    readonly user_token: string;
    readonly admin_token: string;
    readonly workspace_admin_token: string;
  };
  /** What the build of `project` changed; null when there was none. */
  readonly built: Changes | null;
  /** The secret of a token of the default workspace, such as one of a TOKEN line; null when there is none of that name. */
  readonly tokenNamed: (name: string) => string | null;
  /**
   * Empties every data source of the default workspace, and loads the project's fixtures again when asked to.
   * @throws TinybirdError FIXTURE
   */
  readonly reset: (to?: "empty" | "fixtures") => Promise<void>;
  /** The process of the engine, which is started again when it ends. */
  readonly enginePid: () => number | undefined;
  /** Answers what runs, writes what was acknowledged, lets go of the data, removes a temporary folder. Idempotent. */
  close(): Promise<void>;
}

/** What was opened until now, to be closed in the opposite order. */
type Opened = (() => void | Promise<void>)[];

/**
 * Starts the embedded server.
 * @throws TinybirdError PORT_IN_USE, BUILD_FAILED (with each file and line), DATA_DIR, DATA_DIR_OWNED, CATALOG_…, BAD_DASHBOARD
 */
export async function startLocal(options: LocalOptions = {}): Promise<LocalServer> {
  const opened: Opened = [];
  const close = once(async () => {
    for (const each of opened.toReversed()) await each();
  });
  try {
    return { ...(await open(options, opened)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(options: LocalOptions, opened: Opened): Promise<Omit<LocalServer, "close">> {
  const now = options.now ?? (() => new Date());
  const dataDir = openDataDir(options, opened);
  const engine = await openEngine(dataDir);
  opened.push(() => engine.close());
  const service = new ServiceLog(engine, dataDir);
  opened.push(() => service.flush());
  const storage = new StorageWatch(async (workspace) => recordStorage(service, workspace, now()));
  const metrics = new Metrics(() => heldBy(organization, service));
  const organization = await openOrganization(engine, dataDir, options, (workspace, operation) => {
    metrics.operation(workspace, operation);
    recordOperation(service, workspace, operation, now());
    storage.changed(workspace);
  });
  opened.push(() => organization.close());
  opened.push(() => storage.stop());
  const built = options.project === undefined ? null : await buildFolder(organization, options.project);
  if (options.fixtures && options.project !== undefined) {
    await loadFixtures(organization.defaultWorkspace, options.project);
  }
  const origin: { url: string } = { url: "" };
  const app = createApp({
    organization,
    origin: () => origin.url,
    rateLimit: options.rateLimit === null ? null : new RateLimit(options.rateLimit ?? EVENTS_PER_SECOND),
    allowRemoteUrls: options.allowRemoteUrls ?? false,
    page: options.dashboard === undefined ? null : readPage(options.dashboard),
    metrics: () => metrics.text(),
    onRequest(request) {
      metrics.request(request);
      recordQuery(service, request, now());
      options.requestLog?.(requestLine(request, now()));
    },
  });
  const listening = await listen(app, options.port ?? DEFAULT_PORT);
  opened.push(() => listening.close());
  origin.url = listening.url;
  const { url, port } = listening;
  const workspace = organization.defaultWorkspace;
  return {
    url,
    port,
    tokens: startTokens(organization),
    built,
    tokenNamed: (name) => workspace.tokens.named(name)?.token ?? null,
    async reset(to = "empty") {
      await workspace.rows.clear(workspace.resources.datasourceNames());
      if (to === "fixtures" && options.project !== undefined) await loadFixtures(workspace, options.project);
    },
    enginePid: () => engine.pid,
  };
}

function openDataDir(options: LocalOptions, opened: Opened): string {
  if (options.dataDir === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "tb-embedded-"));
    opened.push(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }
  const folder = resolve(options.dataDir);
  opened.push(lockDataDir(folder));
  return folder;
}

function heldBy(organization: Organization, service: ServiceLog) {
  const { memory, disk } = organization.log.waiting;
  return { logMemoryBytes: memory, logDiskBytes: disk, droppedServiceRows: service.dropped };
}

async function openEngine(dataDir: string): Promise<IsolatedEngine> {
  const path = join(dataDir, "clickhouse");
  try {
    return await openIsolated(path);
  } catch (error) {
    throw fault("DATA_DIR", dataDir, error instanceof EngineError ? error.message : String(error));
  }
}

function openOrganization(
  engine: Engine,
  dataDir: string,
  options: LocalOptions,
  onOperation: WorkspaceContext["onOperation"],
): Promise<Organization> {
  const userToken = options.userToken ?? process.env.TB_LOCAL_USER_TOKEN;
  const workspaceToken = options.workspaceToken ?? process.env.TB_LOCAL_WORKSPACE_TOKEN;
  return Organization.open({
    engine,
    dataDir,
    now: options.now ?? (() => new Date()),
    onOperation,
    ...(options.frozenAt && { frozenAt: options.frozenAt }),
    ...(options.warn && { warn: options.warn }),
    ...(userToken !== undefined && { userToken }),
    ...(workspaceToken !== undefined && { workspaceToken }),
  });
}

async function buildFolder(organization: Organization, folder: string): Promise<Changes> {
  const files = await readProject(folder);
  if (organization.defaultWorkspace.serves(files)) return NO_CHANGES;
  const answer = await organization.defaultWorkspace.build(files);
  if (!answer.ok) throw fault("BUILD_FAILED", answer.problems.map(problemLine).join("\n"));
  return answer.changes;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= work();
    return running;
  };
}
