import { fault } from "../errors.ts";
import type { Workspace } from "../workspace.ts";
import { bodyParams } from "./body.ts";
import { admin, type Call, type Route, user } from "./call.ts";
import { json } from "./reply.ts";

/** Who owns everything on a local server; the name that Tinybird Local uses. */
const USER_EMAIL = "local_testing@tinybird.co";

const MAX_FORM_BYTES = 100_000;

export const workspaceRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/user/workspaces", handle: listWorkspaces },
  { method: "POST", path: "/v1/workspaces", handle: createWorkspace },
  { method: "DELETE", path: "/v1/workspaces/:id", handle: deleteWorkspace },
  { method: "GET", path: "/v0/workspace", handle: currentWorkspace },
  { method: "GET", path: "/v1/workspace", handle: currentWorkspace },
];

function listWorkspaces(call: Call): Response {
  user(call);
  const { organization } = call;
  return json({
    id: organization.defaultWorkspace.id,
    organization_id: organization.id,
    workspaces: organization.list().map((workspace) => workspaceObject(workspace, call)),
  });
}

/** The name comes in the query (CLI) or in a form (SDK). */
async function createWorkspace(call: Call): Promise<Response> {
  user(call);
  const form = await bodyParams(call.request, MAX_FORM_BYTES);
  const name = call.url.searchParams.get("name") ?? form.name;
  if (typeof name !== "string" || name === "") throw fault("MISSING_PARAMETER", "name", "name=my_workspace");
  return json(workspaceObject(await call.organization.create(name), call));
}

async function deleteWorkspace(call: Call): Promise<Response> {
  user(call);
  await call.organization.delete(call.path.id ?? "");
  return json({ ok: true });
}

/** Exactly these six keys: a client compares them. */
function currentWorkspace(call: Call): Response {
  const { workspace } = admin(call);
  return json({
    id: workspace.id,
    name: workspace.name,
    user_id: call.organization.userId,
    user_email: USER_EMAIL,
    scope: "admin",
    main: null,
  });
}

function workspaceObject(workspace: Workspace, { organization }: Call) {
  return {
    id: workspace.id,
    name: workspace.name,
    token: workspace.adminToken,
    role: "admin",
    plan: "dev",
    is_branch: false,
    main: null,
    owner: organization.userId,
    members: [{ id: organization.userId, email: USER_EMAIL }],
    created_at: workspace.createdAt,
    organization: { id: organization.id, name: "local" },
  };
}
