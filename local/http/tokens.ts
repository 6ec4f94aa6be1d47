import { fault } from "../errors.ts";
import { allows, familyOf, jwtRequest, parseScope, type Scope, type Token } from "../tokens/index.ts";
import { isBuiltIn, type Workspace } from "../workspace.ts";
import { bodyBytes, jsonObject } from "./body.ts";
import { type Call, type Caller, caller, callerWith, type Route } from "./call.ts";
import { isLoopback } from "./loopback.ts";
import { json } from "./reply.ts";

export const tokenRoutes: readonly Route[] = [
  { method: "GET", path: "/tokens", handle: localTokens },
  { method: "GET", path: "/v0/tokens", handle: listTokens },
  { method: "POST", path: "/v0/tokens", handle: createToken },
  { method: "GET", path: "/v0/tokens/:name", handle: getToken },
  { method: "PUT", path: "/v0/tokens/:name", handle: changeToken },
  { method: "DELETE", path: "/v0/tokens/:name", handle: deleteToken },
  { method: "POST", path: "/v0/tokens/:name/refresh", handle: refreshToken },
];

/** Bytes of a body with scopes. */
const MAX_BODY_BYTES = 1_000_000;

/**
 * The tokens that clients of a local server start with, for whoever can reach it from this machine.
 * A web page cannot: a foreign name that resolves here is refused by its Host, and a page's own request by its Origin.
 */
async function localTokens(call: Call): Promise<Response> {
  if (!isLoopback(call.request) || call.request.headers.has("origin")) throw fault("FOREIGN_HOST");
  await call.organization.openDefault();
  return json(startTokens(call.organization));
}

/** Exactly these three keys: a client compares them. */
export function startTokens({ userToken, defaultWorkspace }: Call["organization"]) {
  return {
    user_token: userToken,
    admin_token: defaultWorkspace.userAdminToken,
    workspace_admin_token: defaultWorkspace.adminToken,
  };
}

function listTokens(call: Call): Response {
  const keeper = keeperOf(call);
  const tokens = keeper.workspace.tokens.list().filter((token) => mayKeep(keeper, token));
  return json({ tokens: tokens.map(tokenObject) });
}

/** Whoever has a token may ask about it. */
function getToken(call: Call): Response {
  const { workspace, token: own } = caller(call);
  const token = workspace.tokens.named(call.path.name ?? "");
  if (token !== null && token === own) return json(tokenObject(token));
  return json(tokenObject(found(keeperOf(call), token, "UNKNOWN_TOKEN")));
}

/** A static token, or with `expiration_time` a JWT, which is signed and not kept. */
async function createToken(call: Call): Promise<Response> {
  const keeper = keeperOf(call);
  const { search, body } = await sentWith(call);
  const sent = { ...Object.fromEntries(search), ...body };
  if (sent.expiration_time !== undefined) return createJwt(call, keeper, sent);
  const { name } = sent;
  if (typeof name !== "string" || name === "") throw fault("MISSING_PARAMETER", "name", "name=tracker");
  if (keeper.workspace.tokens.named(name) !== null) throw fault("TOKEN_EXISTS", name);
  const scopes = scopesOf(keeper, search);
  if (scopes.length === 0) throw fault("MISSING_PARAMETER", "scope", "scope=DATASOURCES:READ:events");
  return json(tokenObject(keeper.workspace.tokens.create({ name, scopes, ...descriptionOf(search) })));
}

async function createJwt(
  call: Call,
  { workspace }: Caller,
  sent: Record<string, unknown>,
): Promise<Response> {
  const request = jwtRequest(sent, call.organization.now);
  for (const { type, resource } of request.scopes) resourceName(workspace, { type, resource });
  return json({ token: await call.organization.signJwt(workspace, request) });
}

/** Replaces the scopes, the name and the description that are sent. */
async function changeToken(call: Call): Promise<Response> {
  const keeper = keeperOf(call);
  const { tokens } = keeper.workspace;
  const token = kept(call, keeper);
  if (isBuiltIn(token)) throw fault("BUILT_IN_TOKEN", token.name);
  const { search } = await sentWith(call);
  const name = search.get("name") || token.name;
  if (name !== token.name && tokens.named(name) !== null) throw fault("TOKEN_EXISTS", name);
  const scopes = search.has("scope") ? { scopes: scopesOf(keeper, search) } : {};
  return json(tokenObject(tokens.change(token, { name, ...scopes, ...descriptionOf(search) })));
}

function deleteToken(call: Call): Response {
  const keeper = keeperOf(call);
  const token = kept(call, keeper);
  if (isBuiltIn(token)) throw fault("BUILT_IN_TOKEN", token.name);
  keeper.workspace.tokens.remove(token);
  return json({ ok: true });
}

function refreshToken(call: Call): Response {
  const keeper = keeperOf(call);
  return json(tokenObject(keeper.workspace.tokens.refresh(kept(call, keeper))));
}

function keeperOf(call: Call): Caller {
  return callerWith(call, "TOKENS");
}

/** Who keeps tokens but is no admin cannot make itself one: an admin's token is nothing to it. */
function mayKeep({ may }: Caller, token: Token): boolean {
  return may("ADMIN") || !allows(token, "ADMIN");
}

function kept(call: Call, keeper: Caller): Token {
  const name = call.path.name ?? "";
  return found(keeper, keeper.workspace.tokens.named(name), "TOKEN_NOT_FOUND", name);
}

function found(
  keeper: Caller,
  token: Token | null,
  otherwise: "UNKNOWN_TOKEN" | "TOKEN_NOT_FOUND",
  name = "",
): Token {
  if (token !== null && mayKeep(keeper, token)) return token;
  throw token === null && otherwise === "TOKEN_NOT_FOUND" ? fault(otherwise, name) : fault("UNKNOWN_TOKEN");
}

/** The parameters of the query and of a form, and a JSON body, which `tb` sends without a content type. */
async function sentWith({ request, url }: Call): Promise<{
  search: URLSearchParams;
  body: Record<string, unknown>;
}> {
  const text = (await bodyBytes(request, MAX_BODY_BYTES)).toString("utf8").trim();
  if (text.startsWith("{")) return { search: url.searchParams, body: jsonObject(text) };
  return { search: new URLSearchParams([...url.searchParams, ...new URLSearchParams(text)]), body: {} };
}

/** @throws TinybirdError BAD_PARAMETER, UNKNOWN_DATASOURCE, UNKNOWN_PIPE; MISSING_SCOPE for ADMIN from who is none */
function scopesOf({ workspace, need }: Caller, search: URLSearchParams): readonly Scope[] {
  return search.getAll("scope").map((text) => {
    const scope = parseScope(text);
    if (scope.type === "ADMIN") need("ADMIN");
    return scope.resource === undefined ? scope : { ...scope, resource: resourceName(workspace, scope) };
  });
}

/** The name of what a scope is about, given by name or id. */
function resourceName(workspace: Workspace, { type, resource = "" }: Scope): string {
  const isPipe = familyOf(type) === "PIPES";
  const name = isPipe ? workspace.resources.pipeName(resource) : workspace.resources.datasourceName(resource);
  if (name === null) throw fault(isPipe ? "UNKNOWN_PIPE" : "UNKNOWN_DATASOURCE", resource);
  return name;
}

function descriptionOf(search: URLSearchParams): { description?: string } {
  const description = search.get("description");
  return description === null ? {} : { description };
}

function tokenObject({ id, token, name, scopes, origin, description = "" }: Token) {
  return { id, token, name, description, scopes, origin, is_internal: false };
}
