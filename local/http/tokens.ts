import { fault } from "../errors.ts";
import type { Token } from "../tokens.ts";
import { admin, type Call, type Route } from "./call.ts";
import { json } from "./reply.ts";

export const tokenRoutes: readonly Route[] = [
  { method: "GET", path: "/tokens", handle: localTokens },
  { method: "GET", path: "/v0/tokens", handle: listTokens },
  { method: "GET", path: "/v0/tokens/:name", handle: getToken },
];

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The tokens that clients of a local server start with, for whoever can reach it from this machine.
 * A web page cannot: a foreign name that resolves here is refused by its Host, and a page's own request by its Origin.
 */
function localTokens(call: Call): Response {
  const host = new URL(`http://${call.request.headers.get("host") ?? call.url.host}`).hostname;
  if (!LOOPBACK_HOSTS.has(host) || call.request.headers.has("origin")) throw fault("FOREIGN_HOST");
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
  return json({ tokens: admin(call).workspace.tokens.list().map(tokenObject) });
}

function getToken(call: Call): Response {
  const token = admin(call).workspace.tokens.named(call.path.name ?? "");
  if (token === null) throw fault("UNKNOWN_TOKEN");
  return json(tokenObject(token));
}

function tokenObject({ id, token, name, scopes, origin }: Token) {
  return { id, token, name, description: "", scopes, origin, is_internal: false };
}
