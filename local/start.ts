import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openChdb } from "./engine/chdb.ts";
import type { Engine } from "./engine/engine.ts";
import { EngineError } from "./engine/engine.ts";
import { fault } from "./errors.ts";
import { createApp } from "./http/app.ts";
import { type Listening, listen } from "./http/server.ts";
import { startTokens } from "./http/tokens.ts";
import { Organization } from "./organization.ts";
import { readProject } from "./plan/project.ts";
import { type Changes, problemLine } from "./workspace.ts";

/** The port of Tinybird Local, which clients take when they are told none. */
export const DEFAULT_PORT = 7181;

export interface LocalOptions {
  /** Port on 127.0.0.1; 0 picks a free one. Default 7181. */
  readonly port?: number;
  /** Folder that keeps rows, tokens and builds. Default: a temporary one, removed by `close`. */
  readonly dataDir?: string;
  /** Folder of a Tinybird Forward project to build into the default workspace at the start. Default: none. */
  readonly project?: string;
  /** Tokens to use instead of made ones. Default: TB_LOCAL_USER_TOKEN and TB_LOCAL_WORKSPACE_TOKEN. */
  readonly userToken?: string;
  readonly workspaceToken?: string;
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
  /** Answers what runs, lets go of the data, removes a temporary folder. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the embedded server.
 * @throws TinybirdError PORT_IN_USE, BUILD_FAILED (with each file and line), DATA_DIR
 */
export async function startLocal(options: LocalOptions = {}): Promise<LocalServer> {
  const temporary = options.dataDir === undefined;
  const dataDir = resolve(options.dataDir ?? mkdtempSync(join(tmpdir(), "tb-embedded-")));
  const opened: { engine?: Engine; listening?: Listening } = {};
  const close = once(async () => {
    await opened.listening?.close();
    await opened.engine?.close();
    if (temporary) rmSync(dataDir, { recursive: true, force: true });
  });
  try {
    const engine = openEngine(dataDir);
    opened.engine = engine;
    const organization = await openOrganization(engine, dataDir, options);
    const built = options.project === undefined ? null : await buildFolder(organization, options.project);
    const app = createApp({ organization, origin: () => opened.listening?.url ?? "" });
    const listening = await listen(app, options.port ?? DEFAULT_PORT);
    opened.listening = listening;
    const { url, port } = listening;
    return { url, port, tokens: startTokens(organization), built, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openEngine(dataDir: string): Engine {
  const path = join(dataDir, "clickhouse");
  try {
    return openChdb(path);
  } catch (error) {
    throw fault("DATA_DIR", dataDir, error instanceof EngineError ? error.message : String(error));
  }
}

function openOrganization(engine: Engine, dataDir: string, options: LocalOptions): Promise<Organization> {
  const userToken = options.userToken ?? process.env.TB_LOCAL_USER_TOKEN;
  const workspaceToken = options.workspaceToken ?? process.env.TB_LOCAL_WORKSPACE_TOKEN;
  return Organization.open({
    engine,
    dataDir,
    now: options.now ?? (() => new Date()),
    ...(userToken !== undefined && { userToken }),
    ...(workspaceToken !== undefined && { workspaceToken }),
  });
}

async function buildFolder(organization: Organization, folder: string): Promise<Changes> {
  const answer = await organization.defaultWorkspace.build(await readProject(folder));
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
