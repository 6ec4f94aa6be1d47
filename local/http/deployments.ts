import type { DeployAnswer, DeploymentRecord, Problem } from "../workspace.ts";
import { changedNames, datafilesOf } from "./build.ts";
import { type Call, deployer, flag, type Route } from "./call.ts";
import { json } from "./reply.ts";

export const deploymentRoutes: readonly Route[] = [
  { method: "POST", path: "/v1/deploy", handle: deploy },
  { method: "GET", path: "/v1/deployments", handle: listDeployments },
  { method: "GET", path: "/v1/deployments/:id", handle: getDeployment },
  { method: "POST", path: "/v1/deployments/:id/set-live", handle: setLive },
  { method: "DELETE", path: "/v1/deployments/:id", handle: discard },
];

/** The answer has a `deployment` in every case: without one the CLI cannot read it. */
async function deploy(call: Call): Promise<Response> {
  const { workspace } = deployer(call);
  const answer = await workspace.deployments.deploy(await datafilesOf(call.request), {
    isCheck: flag(call, "check"),
    promotes: flag(call, "auto_promote"),
    allowsDestructive: flag(call, "allow_destructive_operations"),
  });
  return json(answerObject(answer));
}

function answerObject(answer: DeployAnswer) {
  switch (answer.kind) {
    case "failed":
      return {
        result: "failed",
        deployment: { ...NO_DEPLOYMENT, feedback: answer.problems.map(errorFeedback) },
      };
    case "none":
      return { result: "no_changes", deployment: NO_DEPLOYMENT };
    case "deployed": {
      const feedback = answer.warnings.map((message) => ({ level: "WARNING", resource: null, message }));
      return { result: "success", deployment: { ...deploymentObject(answer.deployment), feedback } };
    }
  }
}

/** Both clients print these, each once; in `errors` only one of them would. */
function errorFeedback({ path, line, message }: Problem) {
  return { level: "ERROR", resource: path, message: line === null ? message : `line ${line}: ${message}` };
}

const NO_NAMES = { added: [], changed: [], deleted: [] };

const NO_DEPLOYMENT = {
  id: "",
  status: "data_ready",
  live: false,
  created_at: null,
  ...changedNames({ datasources: NO_NAMES, pipes: NO_NAMES, connections: NO_NAMES }),
  errors: [],
  feedback: [],
  token_changes: [],
  data_movements: [],
  disconnected_data_source_names: [],
  new_data_connector_ids: [],
};

function deploymentObject({ id, status, live, createdAt, changes, moved }: DeploymentRecord) {
  return {
    ...NO_DEPLOYMENT,
    id,
    status,
    live,
    created_at: createdAt.replace("Z", "+00:00"),
    ...changedNames(changes),
    data_movements: moved
      .filter(({ byQuery }) => byQuery)
      .map(({ datasource }) => ({ datasource_name: datasource, kind: "backfill_with_forward_query" })),
  };
}

/** Oldest first: clients take the first for the live one and the second for the candidate. */
function listDeployments(call: Call): Response {
  const { deployments } = deployer(call).workspace;
  return json({ deployments: deployments.list(flag(call, "include_deleted")).map(deploymentObject) });
}

function getDeployment(call: Call): Response {
  const { deployments } = deployer(call).workspace;
  return json({ result: "success", deployment: deploymentObject(deployments.find(call.path.id ?? "")) });
}

async function setLive(call: Call): Promise<Response> {
  await deployer(call).workspace.deployments.promote(call.path.id ?? "");
  return json({ result: "success" });
}

/** The CLI discards the one that it has just replaced, too, which is gone by then. */
async function discard(call: Call): Promise<Response> {
  const deployment = await deployer(call).workspace.deployments.discard(call.path.id ?? "");
  return json({ result: "success", deployment: deploymentObject(deployment) });
}
