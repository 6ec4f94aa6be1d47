import { fault } from "../errors.ts";
import type { BranchData } from "../organization.ts";
import type { Workspace } from "../workspace.ts";
import { admin, type Call, flag, type Route, required, user } from "./call.ts";
import { jobObject } from "./jobs.ts";
import { json } from "./reply.ts";
import { workspaceObject } from "./workspaces.ts";

/** Branches, under Tinybird's older name for them. */
export const environmentRoutes: readonly Route[] = [
  { method: "GET", path: "/v0/environments", handle: listEnvironments },
  { method: "GET", path: "/v1/environments", handle: listEnvironments },
  { method: "POST", path: "/v1/environments", handle: createEnvironment },
  { method: "GET", path: "/v0/environments/:name", handle: getEnvironment },
  { method: "DELETE", path: "/v0/environments/:name", handle: deleteEnvironment },
];

const DATA: Readonly<Record<string, BranchData>> = {
  "": "none",
  last_partition: "last_partition",
  all_partitions: "all_partitions",
};

function listEnvironments(call: Call): Response {
  const branches = call.organization.branchesOf(mainOf(call));
  return json({ environments: branches.map((branch) => workspaceObject(branch, call)) });
}

/** The branch is there at once; its project and rows come with the job, which has ended when `data` asks for none. */
async function createEnvironment(call: Call): Promise<Response> {
  const main = mainOf(call);
  const name = required(call, "name", "name=my_branch");
  const asked = call.url.searchParams.get("data") ?? "";
  const data = DATA[asked];
  if (data === undefined)
    throw fault("BAD_PARAMETER", "data", asked, "last_partition, all_partitions or none");
  const started = await call.organization.createBranch(main, name, data);
  const job = data === "none" ? await started.ended : main.rows.jobs.find(started.id);
  if (job === null) throw fault("UNKNOWN_JOB", started.id);
  return json({ job: jobObject(job, call.origin) });
}

/** The token only when it is asked for. */
function getEnvironment(call: Call): Response {
  const { token, ...branch } = workspaceObject(branchOf(call), call);
  return json(flag(call, "with_token") ? { ...branch, token } : branch);
}

async function deleteEnvironment(call: Call): Promise<Response> {
  await call.organization.delete(branchOf(call).id);
  return json({ ok: true });
}

function branchOf(call: Call): Workspace {
  const name = call.path.name ?? "";
  const branch = call.organization.branch(mainOf(call), name);
  if (branch === null) throw fault("UNKNOWN_BRANCH", name);
  return branch;
}

/**
 * The workspace whose branches a call is about: the caller's own, or the one that its branch is of. A branch's own
 * token is not for its siblings.
 */
function mainOf(call: Call): Workspace {
  const { organization, identity } = call;
  if (identity?.kind === "user") return organization.defaultWorkspace;
  const { workspace } = admin(call);
  if (workspace.main !== null) user(call);
  return organization.mainOf(workspace);
}
