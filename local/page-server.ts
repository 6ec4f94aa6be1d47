import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { type CloudWorkspace, cloudWorkspace, isTaken } from "./cloud.ts";
import { fault } from "./errors.ts";
import { asFault, errorResponse } from "./http/app.ts";
import {
  checkPageRequest,
  PAGE_TOKEN_SECONDS,
  pageTokenRequest,
  pageTokenResponse,
} from "./http/dashboard.ts";
import { type Page, pageResponse, readPage } from "./http/page.ts";
import { listen } from "./http/server.ts";
import { signJwt } from "./tokens/index.ts";

export interface PageServerOptions {
  /** Folder of a built page. */
  readonly dashboard: string;
  /** The Tinybird server that answers its questions, for example `https://api.tinybird.co`. */
  readonly host: string;
  /** The admin token of the workspace: signs the page's tokens, and leaves this process only for `host`. */
  readonly adminToken: string;
  /** Port on 127.0.0.1; 0 picks a free one. Default: 0. */
  readonly port?: number;
  /** Default: the system's clock. */
  readonly now?: () => Date;
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** Told of faults. Default: standard error. */
  readonly log?: (line: string) => void;
}

export interface PageServer {
  /** For example `http://127.0.0.1:7183/dashboard/`. */
  readonly url: string;
  /** The name of the workspace whose endpoints are asked. */
  readonly workspace: string;
  /** Endpoints of the page that the workspace lacks. */
  readonly missing: readonly string[];
  close(): Promise<void>;
}

/** Signs a token for the page. */
type Sign = () => Promise<string>;

/**
 * Serves the page on this machine for the endpoints of a workspace elsewhere.
 * @throws TinybirdError BAD_DASHBOARD, NO_CLOUD, NO_CLOUD_ADMIN, NO_DASHBOARD_PIPES, PORT_IN_USE
 */
export async function servePage(options: PageServerOptions): Promise<PageServer> {
  const { host, adminToken: token, fetch = globalThis.fetch } = options;
  const page = readPage(options.dashboard);
  const workspace = await cloudWorkspace({ host, token, fetch });
  const pipes = page.pipes.filter((pipe) => workspace.pipes.has(pipe));
  const [first] = pipes;
  if (first === undefined) throw fault("NO_DASHBOARD_PIPES", page.pipes.join(", "));
  const sign = signer(workspace, pipes, options);
  // Another token of an admin reads the workspace too, but does not sign for it.
  if (!(await isTaken(first, { host, token: await sign(), fetch }))) throw fault("NO_CLOUD_ADMIN", host);
  const { url, close } = await listen(pageApp(page, sign, options), options.port ?? 0);
  return {
    url: `${url}/dashboard/`,
    workspace: workspace.name,
    missing: page.pipes.filter((pipe) => !workspace.pipes.has(pipe)),
    close,
  };
}

function signer({ id }: CloudWorkspace, pipes: readonly string[], options: PageServerOptions): Sign {
  const { adminToken, now = () => new Date() } = options;
  return () => signJwt(pageTokenRequest(pipes, now()), { workspaceId: id, adminToken });
}

/** The two routes of the page, as the embedded server has them, and the way to them. */
export function pageApp(
  page: Page,
  sign: Sign,
  { host, log = console.error }: Pick<PageServerOptions, "host" | "log">,
): (request: Request) => Promise<Response> {
  const app = new Hono({ strict: false });
  const file = (path: string, asked: string) => {
    const found = pageResponse(page, path, host);
    if (found === null) throw fault("UNKNOWN_ROUTE", asked);
    return found;
  };
  app.get("/", (context) => context.redirect("/dashboard/"));
  app.get("/dashboard", ({ req }) => file("index.html", req.path));
  app.get("/dashboard/assets/:file", ({ req }) => file(`assets/${req.param("file")}`, req.path));
  app.post("/dashboard/token", async ({ req }) => {
    checkPageRequest(req.raw);
    return pageTokenResponse({ token: await sign(), expires_in: PAGE_TOKEN_SECONDS, host });
  });
  app.notFound(({ req }) => errorResponse(fault("UNKNOWN_ROUTE", req.path)));
  app.onError((error) => errorResponse(asFault(error, randomUUID(), log)));
  return async (request) => app.fetch(request);
}
