import { fault } from "../errors.ts";
import { bodyParams } from "./body.ts";
import { admin, type Call, type Route } from "./call.ts";
import { jobObject } from "./jobs.ts";
import { endpointParams } from "./pipes.ts";
import { json } from "./reply.ts";

export const copyRoutes: readonly Route[] = [
  { method: "POST", path: "/v0/pipes/:name/copy", handle: runCopy },
  { method: "POST", path: "/v0/pipes/:name/copy/pause", handle: scheduleCopy },
  { method: "POST", path: "/v0/pipes/:name/copy/resume", handle: scheduleCopy },
];

/** Bytes of a body that only holds parameters: ours. */
const MAX_PARAMS_BYTES = 1_000_000;

/** Runs a copy pipe once; its other parameters go to the pipe. Clients look the target up by the id in `tags`. */
async function runCopy(call: Call): Promise<Response> {
  const { workspace } = admin(call);
  const sent = { ...endpointParams(call.url), ...(await bodyParams(call.request, MAX_PARAMS_BYTES)) };
  const { _mode: mode = null, on_demand_compute: _, ...params } = sent as Record<string, unknown>;
  if (mode !== null && mode !== "append" && mode !== "replace") {
    throw fault("BAD_PARAMETER", "_mode", String(mode), "append or replace");
  }
  const { started, target } = workspace.copy(call.path.name ?? "", params, mode);
  const job = workspace.rows.jobs.find(started.id);
  if (job === null) throw fault("UNKNOWN_JOB", started.id);
  return json({ job: jobObject(job, call.origin), tags: { copy_target_datasource: target } });
}

/** As on Tinybird Local, schedules do not run here: there is nothing to pause, and saying so would end scripts. */
function scheduleCopy(call: Call): Response {
  const { pipe, record } = admin(call).workspace.resources.pipe(call.path.name ?? "");
  return json({ id: record.id, name: pipe.name, type: pipe.type });
}
