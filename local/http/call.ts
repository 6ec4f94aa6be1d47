import { fault } from "../errors.ts";
import type { Organization } from "../organization.ts";
import { allows, type ScopeType, type Token } from "../tokens.ts";
import type { Workspace } from "../workspace.ts";
import type { RateLimit } from "./rate-limit.ts";

/** One request, as a route sees it. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  /** The parts of the path that the route names. */
  readonly path: Readonly<Record<string, string>>;
  readonly organization: Organization;
  /** The server's own address, for the URLs in answers. */
  readonly origin: string;
  /** Headers of the answer, whatever it will be. */
  readonly headers: Headers;
  /** What observers are told of the request besides its route. */
  readonly about: RequestAbout;
  /** Of the Events API; null for none. */
  readonly rateLimit: RateLimit | null;
  /** Whether imports may read URLs of other machines. */
  readonly allowRemoteUrls: boolean;
}

/** What a handler finds out about its request. */
export interface RequestAbout {
  workspace?: Workspace;
  token?: Token;
  /** The endpoint or `/v0/sql` that was read. */
  query?: {
    readonly pipe: string | null;
    readonly parameters: Readonly<Record<string, unknown>>;
    resultRows?: number;
    seconds?: number;
  };
}

/** What a route answers. A route that throws a TinybirdError is answered by the application. */
export type Handler = (call: Call) => Promise<Response> | Response;

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly handle: Handler;
}

/** Who calls: a workspace's token, with what it allows. */
export interface Caller {
  readonly workspace: Workspace;
  readonly token: Token;
  /** @throws TinybirdError MISSING_SCOPE */
  need(type: ScopeType, resource?: string): void;
  /** Whether SQL may read a resource by this name. Who may read a data source may read its quarantine. */
  readonly mayRead: (name: string) => boolean;
}

/** @throws TinybirdError NO_TOKEN, INVALID_TOKEN */
export function caller(call: Call): Caller {
  const found = call.organization.authenticate(secretOf(call));
  if (found === null) throw fault("INVALID_TOKEN");
  const { workspace, token } = found;
  Object.assign(call.about, { workspace, token });
  return {
    workspace,
    token,
    need(type, resource) {
      if (!allows(token, type, resource)) throw fault("MISSING_SCOPE", type, resource ?? "");
    },
    mayRead: (name) =>
      allows(token, "PIPES:READ", name) ||
      allows(token, "DATASOURCES:READ", name.replace(/_quarantine$/, "")),
  };
}

/** The caller when it may do anything in its workspace. @throws TinybirdError */
export function admin(call: Call): Caller {
  const found = caller(call);
  found.need("ADMIN");
  return found;
}

/** Lets the user of the organization pass, or an admin of any workspace, who is the same person here. */
export function user(call: Call): void {
  if (secretOf(call) !== call.organization.userToken) admin(call);
}

/** `Authorization: Bearer T` or `?token=T`: clients use both on every route. */
function secretOf(call: Call): string {
  const header = call.request.headers.get("authorization");
  const bearer = header === null ? null : /^bearer\s+(\S+)$/i.exec(header)?.[1];
  const secret = bearer ?? call.url.searchParams.get("token");
  if (!secret) throw fault("NO_TOKEN");
  return secret;
}

/** A parameter that the route cannot do without. @throws TinybirdError MISSING_PARAMETER */
export function required(call: Call, name: string, example: string): string {
  const value = call.url.searchParams.get(name);
  if (!value) throw fault("MISSING_PARAMETER", name, example);
  return value;
}

/** A flag in the query: `true` and `1` say yes. */
export function flag(call: Call, name: string): boolean {
  return ["true", "1"].includes(call.url.searchParams.get(name) ?? "");
}
