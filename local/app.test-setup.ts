import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { openChdb } from "./engine/chdb.ts";
import type { Engine } from "./engine/engine.ts";
import { type AppOptions, createApp } from "./http/app.ts";
import { startTokens } from "./http/tokens.ts";
import { Organization } from "./organization.ts";

/** `token: null` sends none. */
export type CallInit = RequestInit & { readonly token?: string | null };

/** The application in a folder of its own for one test file, without a port. */
export interface TestApp {
  /** Removed behind the tests. */
  readonly folder: string;
  readonly engine: Engine;
  readonly organization: Organization;
  /** As the workspace's admin, unless a token is given. */
  call(path: string, init?: CallInit): Promise<Response>;
  answer(path: string, init?: CallInit): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Builds a project, which must succeed. */
  build(files: Record<string, string>, token?: string): Promise<void>;
  tokenNamed(name: string): Promise<string>;
}

export const ORIGIN = "http://127.0.0.1:7181";

/** Opens the application before the tests of a file and closes it behind them. */
export function appForTests(options: Partial<AppOptions> & { now?: () => Date } = {}): TestApp {
  const dataDir = mkdtempSync(join(tmpdir(), "tb-embedded-http-"));
  let opened: { engine: Engine; organization: Organization; app: (request: Request) => Promise<Response> };

  beforeAll(async () => {
    const engine = openChdb(join(dataDir, "clickhouse"));
    const now = options.now ?? (() => new Date("2026-01-02T03:04:05.678Z"));
    const organization = await Organization.open({ engine, dataDir, now });
    opened = {
      engine,
      organization,
      app: createApp({ organization, origin: () => ORIGIN, log: () => undefined, ...options }),
    };
  });
  afterAll(async () => {
    await opened.organization.close();
    await opened.engine.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const call = (path: string, { token, ...init }: CallInit = {}) => {
    const headers = new Headers(init.headers);
    const shown = token === undefined ? startTokens(opened.organization).workspace_admin_token : token;
    if (shown !== null) headers.set("authorization", `Bearer ${shown}`);
    return opened.app(new Request(ORIGIN + path, { ...init, headers }));
  };
  const answer = async (path: string, init?: CallInit) => {
    const response = await call(path, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    folder: dataDir,
    get engine() {
      return opened.engine;
    },
    get organization() {
      return opened.organization;
    },
    call,
    answer,
    async build(files, token) {
      const body = new FormData();
      for (const [path, content] of Object.entries(files)) {
        body.append("data_project://", new File([content], path, { type: "text/plain" }), path);
      }
      const response = await call("/v1/build", {
        method: "POST",
        body,
        ...(token !== undefined && { token }),
      });
      expect(await response.text()).toContain('"success"');
    },
    tokenNamed: async (name) => String((await answer(`/v0/tokens/${name}`)).body.token),
  };
}
