import { fault } from "../errors.ts";
import { type JwtRequest, jwtRequest } from "../tokens/index.ts";
import type { Call, Route } from "./call.ts";
import { isLoopback } from "./loopback.ts";
import { type Page, pageResponse } from "./page.ts";
import { json } from "./reply.ts";

export const dashboardRoutes: readonly Route[] = [
  { method: "GET", path: "/dashboard", handle: (call) => file(call, "index.html") },
  {
    method: "GET",
    path: "/dashboard/assets/:file",
    handle: (call) => file(call, `assets/${call.path.file}`),
  },
  { method: "POST", path: "/dashboard/token", handle: localToken },
];

/** Seconds that the token of a page lives. */
export const PAGE_TOKEN_SECONDS = 600;

/** Requests in a second of one page: it asks nine questions at once when it opens; two may open together. */
export const PAGE_REQUESTS_PER_SECOND = 30;

/** What the service's statistics of calls show. */
export const PAGE_TOKEN_NAME = "dashboard";

/** The answer to a page that asks for its token. */
export interface PageToken {
  readonly token: string;
  /** Seconds from now. */
  readonly expires_in: number;
  /** Where to send questions; empty for the server of the page. */
  readonly host: string;
}

/**
 * Whether a request for a token comes from the page itself: by a name of this machine, and from a document of this
 * server, which browsers tell in a header that no script can set.
 * @throws TinybirdError FOREIGN_HOST, FOREIGN_PAGE
 */
export function checkPageRequest(request: Request): void {
  if (!isLoopback(request)) throw fault("FOREIGN_HOST");
  if (request.headers.get("sec-fetch-site") !== "same-origin") throw fault("FOREIGN_PAGE");
}

/** The token as the page gets it. No cache may keep it. */
export function pageTokenResponse(answer: PageToken): Response {
  return json(answer, 200, { "cache-control": "no-store" });
}

/** A token for these endpoints and nothing else, for whoever may sign. */
export function pageTokenRequest(pipes: readonly string[], now: Date): JwtRequest {
  const asked = {
    name: PAGE_TOKEN_NAME,
    scopes: pipes.map((resource) => ({ type: "PIPES:READ", resource })),
    expiration_time: Math.floor(now.getTime() / 1000) + PAGE_TOKEN_SECONDS,
    limits: { rps: PAGE_REQUESTS_PER_SECOND },
  };
  return jwtRequest(asked, now);
}

function file(call: Call, path: string): Response {
  const found = pageResponse(pageOf(call), path, null);
  if (found === null) throw fault("UNKNOWN_ROUTE", call.url.pathname);
  return found;
}

/** Signed as the default workspace's admin, whose own token never goes to a browser. */
async function localToken(call: Call): Promise<Response> {
  checkPageRequest(call.request);
  const { pipes } = pageOf(call);
  const { organization } = call;
  const workspace = await organization.openDefault();
  const served = pipes.filter((name) => workspace.resources.pipeId(name) !== null);
  if (served.length === 0) throw fault("NO_DASHBOARD_PIPES", pipes.join(", "));
  const token = await organization.signJwt(workspace, pageTokenRequest(served, organization.now));
  return pageTokenResponse({ token, expires_in: PAGE_TOKEN_SECONDS, host: "" });
}

/** @throws TinybirdError NO_DASHBOARD */
function pageOf({ page }: Call): Page {
  if (page === null) throw fault("NO_DASHBOARD");
  return page;
}
