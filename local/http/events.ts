import { fault } from "../errors.ts";
import { bodyBytes } from "./body.ts";
import { type Call, caller, flag, type Route, required } from "./call.ts";
import { json } from "./reply.ts";

/** Bytes of one request of the Events API after decompression: Tinybird's limit on its free plan. */
export const MAX_EVENTS_BYTES = 10_000_000;

export const eventRoutes: readonly Route[] = [{ method: "POST", path: "/v0/events", handle: postEvents }];

/** NDJSON or one JSON object into a data source. Never form-decoded: `curl -d` sends the form type. */
async function postEvents(call: Call): Promise<Response> {
  const { workspace, need } = caller(call);
  const named = required(call, "name", "name=social_interactions");
  const name = workspace.datasourceName(named);
  if (name === null) throw fault("UNDEPLOYED_DATASOURCE", named);
  need("DATASOURCES:APPEND", name);
  const body = await bodyBytes(call.request, MAX_EVENTS_BYTES);
  const counts = await workspace.ingestEvents(name, body);
  // 200 = written and readable. 202 promises less; here the rows are written by then too.
  return json(
    { successful_rows: counts.rows, quarantined_rows: counts.quarantined },
    flag(call, "wait") ? 200 : 202,
  );
}
