import { fault } from "../errors.ts";
import { type Identity, isUser } from "../identity.ts";
import type { Organization } from "../organization.ts";
import {
  allows,
  allowsSome,
  type Credential,
  fixedParams,
  rowFilters,
  type ScopeType,
} from "../tokens/index.ts";
import type { Params, Reading, Workspace } from "../workspace.ts";
import type { Page } from "./page.ts";
import type { RateLimit } from "./rate-limit.ts";

/** One request, as a route sees it. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  /** The parts of the path that the route names. */
  readonly path: Readonly<Record<string, string>>;
  readonly organization: Organization;
  /** Who calls; null when no token came. */
  readonly identity: Identity | null;
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
  /** What is served at `/dashboard/`; null for none. */
  readonly page: Page | null;
}

/** What a handler finds out about its request. */
export interface RequestAbout {
  workspace?: Workspace;
  token?: Credential;
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

/** Who calls: somebody with a token of a workspace, and what it allows. Resources go by their names. */
export interface Caller {
  readonly workspace: Workspace;
  readonly token: Credential;
  may(type: ScopeType, resource?: string): boolean;
  /** Whether the token has a scope of this type for any resource. */
  maySome(type: ScopeType): boolean;
  /** Asked before a resource is looked for: who may not know it is told the same whether it exists. @throws TinybirdError MISSING_SCOPE */
  need(type: ScopeType, resource?: string): void;
  /** What SQL of the caller may read. */
  readonly reading: Reading;
  /** The parameters of a pipe that the caller cannot choose. */
  fixedParamsOf(pipe: string): Params;
}

/** @throws TinybirdError NO_TOKEN, INVALID_TOKEN, EXPIRED_TOKEN */
export function caller({ identity, about }: Call): Caller {
  if (identity === null) throw fault("NO_TOKEN");
  if (identity.kind === "nobody") throw fault(identity.reason);
  if (identity.kind === "user") throw fault("INVALID_TOKEN");
  const { workspace, credential } = identity;
  Object.assign(about, { workspace, token: credential });
  const may = (type: ScopeType, resource?: string) =>
    allows(credential, type, resource === undefined ? [] : namesOf(workspace, type, resource));
  const reading = readingOf(workspace, credential);
  return {
    workspace,
    token: credential,
    may,
    maySome: (type) => allowsSome(credential, type),
    need(type, resource) {
      if (!may(type, resource)) throw fault("MISSING_SCOPE", type, resource ?? "");
    },
    reading,
    fixedParamsOf: reading.fixedParamsOf,
  };
}

/** The caller when it has a scope, of one of these types, for the whole workspace. @throws TinybirdError MISSING_SCOPE … */
export function callerWith(call: Call, ...types: readonly [ScopeType, ...ScopeType[]]): Caller {
  const found = caller(call);
  if (!types.some((type) => found.may(type))) throw fault("MISSING_SCOPE", types[0], "");
  return found;
}

/** The caller when it may do anything in its workspace. @throws TinybirdError */
export function admin(call: Call): Caller {
  return callerWith(call, "ADMIN");
}

/** The caller when it may build and deploy, as a token for CI does. @throws TinybirdError */
export function deployer(call: Call): Caller {
  return callerWith(call, "WORKSPACE:DEPLOY");
}

/** The workspaces that somebody may see and change: all for the user, else the caller's own, its main and its branches. */
export function ownWorkspaces(call: Call): readonly Workspace[] {
  const { identity, organization } = call;
  if (identity?.kind === "user") return organization.list();
  const { workspace } = admin(call);
  if (identity?.kind === "member" && isUser(identity)) return organization.list();
  const main = organization.mainOf(workspace);
  return workspace === main ? [main, ...organization.branchesOf(main)] : [workspace];
}

/** Lets the user pass, with his own token or the one that stands for him in a workspace. @throws TinybirdError USER_ONLY … */
export function user(call: Call): void {
  const { identity } = call;
  if (identity?.kind === "user") return;
  admin(call);
  if (identity?.kind !== "member" || !isUser(identity)) throw fault("USER_ONLY");
}

function readingOf(workspace: Workspace, credential: Credential): Reading {
  const readsAll = (type: ScopeType, name: string) =>
    allows(credential, type, namesOf(workspace, type, name));
  const filtersOf = (name: string): readonly string[] | null => {
    // A pipe is not a data source, whatever a scope calls it: no filter would be applied to it.
    if (workspace.resources.pipeId(name) !== null) return readsAll("PIPES:READ", name) ? null : [];
    const filters = rowFilters(credential, namesOf(workspace, "DATASOURCES:READ", name));
    if (filters === null || workspace.resources.datasourceId(name) !== null) return filters;
    // Who may read all rows of a data source may read its quarantine.
    return readsAll("DATASOURCES:READ", name.replace(/_quarantine$/, "")) ? null : [];
  };
  return {
    mayRead: (name) => filtersOf(name)?.length !== 0,
    filtersOf,
    fixedParamsOf: (pipe) => fixedParams(credential, namesOf(workspace, "PIPES:READ", pipe)),
  };
}

/** The name of a resource and its id: a scope may have either. */
function namesOf(workspace: Workspace, type: ScopeType, name: string): readonly string[] {
  const id = type.startsWith("PIPES")
    ? workspace.resources.pipeId(name)
    : workspace.resources.datasourceId(name);
  return id === null ? [name] : [name, id];
}

/** `Authorization: Bearer T` or `?token=T`: clients use both on every route. Null when neither came. */
export function secretOf(request: Request, url: URL): string | null {
  const header = request.headers.get("authorization");
  const bearer = header === null ? null : /^bearer\s+(\S+)$/i.exec(header)?.[1];
  return bearer || url.searchParams.get("token") || null;
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
