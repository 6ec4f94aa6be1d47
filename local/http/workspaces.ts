import { fault } from "../errors.ts";
import { isUser } from "../organization.ts";
import type { Workspace } from "../workspace.ts";
import { bodyParams } from "./body.ts";
import { type Call, callerWith, ownWorkspaces, type Route, user } from "./call.ts";
import { json } from "./reply.ts";

/** Who owns everything on a local server; the name that Tinybird Local uses. */
const USER_EMAIL = "local_testing@tinybird.co";

const ORGANIZATION_NAME = "local";

const MAX_FORM_BYTES = 100_000;

export const workspaceRoutes: readonly Route[] = [
  { method: "GET", path: "/v0/auth", handle: auth },
  { method: "GET", path: "/v0/organizations/:id", handle: getOrganization },
  { method: "GET", path: "/v0/user/workspaces", handle: listWorkspaces },
  { method: "GET", path: "/v1/user/workspaces", handle: listWorkspaces },
  { method: "POST", path: "/v1/workspaces", handle: createWorkspace },
  { method: "DELETE", path: "/v1/workspaces/:id", handle: deleteWorkspace },
  { method: "GET", path: "/v0/workspace", handle: currentWorkspace },
  { method: "GET", path: "/v1/workspace", handle: currentWorkspace },
];

/** Whether a token is one, and whether it is a user's: the one question that a wrong token is answered. */
function auth({ identity }: Call): Response {
  const isValid = identity !== null && identity.kind !== "nobody";
  return json({ is_valid: isValid, is_user: identity?.kind === "user" });
}

function getOrganization(call: Call): Response {
  user(call);
  const { id } = call.organization;
  if (call.path.id !== id) throw fault("UNKNOWN_ORGANIZATION", call.path.id ?? "");
  return json({ id, name: ORGANIZATION_NAME });
}

/** The workspaces that the caller may see, with their tokens. Each `with_…` is true unless the query says false. */
async function listWorkspaces(call: Call): Promise<Response> {
  const { organization, identity } = call;
  ownWorkspaces(call);
  await organization.expire();
  const current = identity?.kind === "member" ? identity.workspace : organization.defaultWorkspace;
  const listed = ownWorkspaces(call).filter((workspace) => isAskedFor(workspace, call));
  return json({
    id: current.id,
    organization_id: organization.id,
    workspaces: listed.map((workspace) => ({
      ...withoutUnwanted(workspaceObject(workspace, call), call),
      current: workspace === current,
    })),
  });
}

function isAskedFor({ main }: Workspace, call: Call): boolean {
  if (isFalse(call, "with_environments")) return main === null;
  return main !== null || !["true", "1"].includes(call.url.searchParams.get("only_environments") ?? "");
}

function withoutUnwanted(workspace: ReturnType<typeof workspaceObject>, call: Call) {
  const { organization, members, owner, ...rest } = workspace;
  return {
    ...rest,
    ...(!isFalse(call, "with_members_and_owner") && { owner, members }),
    ...(!isFalse(call, "with_organization") && { organization }),
  };
}

function isFalse(call: Call, name: string): boolean {
  return ["false", "0"].includes(call.url.searchParams.get(name) ?? "");
}

/** The name comes in the query (CLI) or in a form (SDK). */
async function createWorkspace(call: Call): Promise<Response> {
  user(call);
  const form = await bodyParams(call.request, MAX_FORM_BYTES);
  const name = call.url.searchParams.get("name") ?? form.name;
  if (typeof name !== "string" || name === "") throw fault("MISSING_PARAMETER", "name", "name=my_workspace");
  return json(workspaceObject(await call.organization.create(name), call));
}

/** By id or name. The confirmations that clients send, in the query or a form, are the user's business with them. */
async function deleteWorkspace(call: Call): Promise<Response> {
  const { identity, organization } = call;
  const id = call.path.id ?? "";
  const own = ownWorkspaces(call);
  const workspace = organization.find(id);
  const isTheUser = identity?.kind === "user" || (identity?.kind === "member" && isUser(identity));
  if (!isTheUser && (workspace === null || !own.includes(workspace))) throw fault("USER_ONLY");
  await organization.delete(id);
  return json({ ok: true });
}

/** Exactly these six keys: a client compares them. A token for CI asks before it deploys. */
function currentWorkspace(call: Call): Response {
  const { workspace } = callerWith(call, "WORKSPACE:DEPLOY", "WORKSPACE:READ_ALL");
  return json({
    id: workspace.id,
    name: workspace.name,
    user_id: call.organization.userId,
    user_email: USER_EMAIL,
    scope: "admin",
    main: workspace.main,
  });
}

/** A workspace or branch in the form that clients read. */
export function workspaceObject(workspace: Workspace, { organization }: Call) {
  return {
    id: workspace.id,
    name: workspace.name,
    token: workspace.adminToken,
    role: "admin",
    plan: "dev",
    is_branch: workspace.main !== null,
    main: workspace.main,
    owner: organization.userId,
    members: [{ id: organization.userId, email: USER_EMAIL }],
    created_at: workspace.createdAt,
    organization: { id: organization.id, name: ORGANIZATION_NAME },
  };
}
