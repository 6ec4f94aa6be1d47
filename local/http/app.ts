import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { fault, TinybirdError } from "../errors.ts";
import type { Organization } from "../organization.ts";
import { buildRoutes } from "./build.ts";
import { type Call, type Handler, type Route, secretOf } from "./call.ts";
import { connectorRoutes } from "./connectors.ts";
import { copyRoutes } from "./copies.ts";
import { dashboardRoutes } from "./dashboard.ts";
import { datasourceRoutes } from "./datasources.ts";
import { deploymentRoutes } from "./deployments.ts";
import { environmentRoutes } from "./environments.ts";
import { eventRoutes } from "./events.ts";
import { jobRoutes } from "./jobs.ts";
import type { Page } from "./page.ts";
import { pipeRoutes } from "./pipes.ts";
import { RateLimit } from "./rate-limit.ts";
import { json, text } from "./reply.ts";
import { sqlRoutes } from "./sql.ts";
import { statusRoutes } from "./status.ts";
import { tokenRoutes } from "./tokens.ts";
import { variableRoutes } from "./variables.ts";
import { workspaceRoutes } from "./workspaces.ts";

export const ROUTES: readonly Route[] = [
  ...statusRoutes,
  ...tokenRoutes,
  ...workspaceRoutes,
  ...environmentRoutes,
  ...variableRoutes,
  ...buildRoutes,
  ...deploymentRoutes,
  ...datasourceRoutes,
  ...jobRoutes,
  ...eventRoutes,
  ...copyRoutes,
  ...connectorRoutes,
  ...pipeRoutes,
  ...sqlRoutes,
  ...dashboardRoutes,
];

/** What browsers may call with a token of their own. Never `/tokens`: a web page must not get the admin's. */
const BROWSER_PATHS = ["/v0/events", "/v0/pipes/*", "/v0/sql"] as const;

/** What a page's script may read of an answer: when to come back, and what to name in a question. */
const BROWSER_HEADERS = [
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
  "Retry-After",
  "X-Request-Id",
] as const;

/** Seconds for which a browser keeps the answer to its preflight: without it each poll is two requests. */
const PREFLIGHT_SECONDS = 86_400;

const DOCUMENTATION = "https://docs.tinybird.co/api-reference/overview";

/** A request and its answer, for whoever watches. The URL holds tokens: `redacted` takes them away. */
export interface AnsweredRequest {
  readonly call: Call;
  readonly route: Route;
  readonly requestId: string;
  readonly status: number;
  readonly seconds: number;
  readonly error: TinybirdError | null;
}

export interface AppOptions {
  readonly organization: Organization;
  /** The address that answers name in their URLs, without a final slash. */
  readonly origin: () => string;
  /** Where faults of the server itself are told. Default: standard error. */
  readonly log?: (line: string) => void;
  /** Of the Events API. Default: none. */
  readonly rateLimit?: RateLimit | null;
  /** Whether imports may read URLs of other machines. Default: no. */
  readonly allowRemoteUrls?: boolean;
  /** A built page to serve at `/dashboard/`. Default: none. */
  readonly page?: Page | null;
  /** Told of every request that a route answered. */
  readonly onRequest?: (request: AnsweredRequest) => void;
  /** The text of `/metrics`. Default: none. */
  readonly metrics?: () => Promise<string>;
}

/** The server's routes as a function from request to response; needs no port. */
export function createApp(options: AppOptions): (request: Request) => Promise<Response> {
  const app = new Hono({ strict: false });
  const browsers = cors({ origin: "*", maxAge: PREFLIGHT_SECONDS, exposeHeaders: [...BROWSER_HEADERS] });
  for (const path of BROWSER_PATHS) app.use(path, browsers);
  const tokenLimit = new RateLimit(Number.POSITIVE_INFINITY, () => options.organization.now.getTime());
  for (const route of ROUTES) addRoute(app, route, options, tokenLimit);
  const { metrics } = options;
  if (metrics) app.get("/metrics", async () => text(await metrics()));
  for (const path of new Set(ROUTES.map((route) => route.path))) app.all(path, wrongMethod(path));
  app.notFound((context) => errorResponse(fault("UNKNOWN_ROUTE", context.req.path)));
  app.onError((error) => errorResponse(asFault(error, randomUUID(), options.log ?? console.error)));
  return async (request) => app.fetch(request);
}

function addRoute(app: Hono, route: Route, options: AppOptions, tokenLimit: RateLimit): void {
  const { organization, origin, rateLimit = null, allowRemoteUrls = false, page = null } = options;
  app.on(route.method, route.path, async (context) => {
    const started = performance.now();
    const requestId = randomUUID();
    const url = new URL(context.req.url);
    const secret = secretOf(context.req.raw, url);
    const call: Call = {
      request: context.req.raw,
      url,
      path: context.req.param() as Record<string, string>,
      organization,
      identity: secret === null ? null : await organization.identify(secret),
      origin: origin(),
      headers: new Headers({ "X-Request-Id": requestId }),
      about: {},
      rateLimit,
      allowRemoteUrls,
      page,
    };
    const handle = (each: Call) => {
      takeTurn(each, tokenLimit);
      return route.handle(each);
    };
    const { response, error } = await answered(handle, call, requestId, options.log ?? console.error);
    for (const [name, value] of call.headers) response.headers.set(name, value);
    const seconds = (performance.now() - started) / 1000;
    options.onRequest?.({ call, route, requestId, status: response.status, seconds, error });
    return response;
  });
}

/**
 * Counts the request of a JWT with a limit, by the name that JWTs of one user share.
 * @throws TinybirdError TOKEN_RATE_LIMIT
 */
function takeTurn({ identity, headers }: Call, tokenLimit: RateLimit): void {
  if (identity?.kind !== "member") return;
  const { workspace, credential } = identity;
  if (credential.requestsPerSecond === undefined) return;
  const window = tokenLimit.take(`${workspace.id}/${credential.name}`, credential.requestsPerSecond);
  for (const [name, value] of Object.entries(window.headers)) headers.set(name, value);
  if (!window.isWithin) throw fault("TOKEN_RATE_LIMIT", window.limit, credential.name);
}

async function answered(
  handle: Handler,
  call: Call,
  requestId: string,
  log: (line: string) => void,
): Promise<{ response: Response; error: TinybirdError | null }> {
  try {
    return { response: await handle(call), error: null };
  } catch (thrown) {
    const error = asFault(thrown, requestId, log);
    return { response: errorResponse(error), error };
  }
}

function wrongMethod(path: string) {
  const allowed = ROUTES.filter((route) => route.path === path).map((route) => route.method);
  return (context: { req: { method: string; path: string } }) =>
    errorResponse(fault("WRONG_METHOD", context.req.method, context.req.path, allowed.join(", ")));
}

/** A fault of the server itself is logged whole and answered without its words, which may hold anything. */
export function asFault(error: unknown, requestId: string, log: (line: string) => void): TinybirdError {
  if (error instanceof TinybirdError) return error;
  log(`${requestId} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return fault("UNEXPECTED", requestId);
}

/** Every error is a JSON object with the string `error`: without it a client fails over the answer itself. */
export function errorResponse(error: TinybirdError): Response {
  if (error.body !== undefined) return json(error.body, error.status);
  const retry = error.retryAfter === undefined ? {} : { "Retry-After": String(error.retryAfter) };
  const section = error.status === 403 ? "#authentication" : "";
  return json({ error: error.message, documentation: `${DOCUMENTATION}${section}` }, error.status, retry);
}
