import { fault } from "../errors.ts";
import { bodyBytes } from "./body.ts";
import { type Call, caller, flag, type Route, required } from "./call.ts";
import { json } from "./reply.ts";

/** Bytes of one request of the Events API after decompression: Tinybird's limit on its free plan. */
export const MAX_EVENTS_BYTES = 10_000_000;

export const eventRoutes: readonly Route[] = [{ method: "POST", path: "/v0/events", handle: postEvents }];

/**
 * NDJSON or one JSON object into a data source. Never form-decoded: `curl -d` sends the form type.
 * 200: the rows are in their tables. 202: they are on the disk and will be.
 */
async function postEvents(call: Call): Promise<Response> {
  const { workspace, need } = caller(call);
  const named = required(call, "name", "name=social_interactions");
  const name = workspace.resources.datasourceName(named);
  need("DATASOURCES:APPEND", name ?? named);
  if (name === null) throw fault("UNDEPLOYED_DATASOURCE", named);
  takeTurn(call, workspace.id, name);
  const isOneObject = isJson(call);
  const waits = flag(call, "wait");
  const body = { size: sizeOf(call.request), read: () => bodyBytes(call.request, MAX_EVENTS_BYTES) };
  const { written, rows } = await workspace.rows.post(name, body, { waits, isOneObject });
  // Until the rows are written nobody knows which of them fit.
  return written === null
    ? json({ successful_rows: rows, quarantined_rows: 0 }, 202)
    : json({ successful_rows: written.rows, quarantined_rows: written.quarantined });
}

/** Bytes of the body at most: a compressed one, or one that does not say, may be as large as the limit. */
function sizeOf({ headers }: Request): number {
  const length = headers.get("content-length");
  if (length === null || headers.has("content-encoding")) return MAX_EVENTS_BYTES;
  return Math.min(Number(length), MAX_EVENTS_BYTES);
}

/** @throws TinybirdError RATE_LIMIT */
function takeTurn(call: Call, workspace: string, name: string): void {
  if (call.rateLimit === null) return;
  const { limit, isWithin, headers } = call.rateLimit.take(`${workspace}/${name}`);
  for (const [header, value] of Object.entries(headers)) call.headers.set(header, value);
  if (!isWithin) throw fault("RATE_LIMIT", limit, name);
}

/** @throws TinybirdError BAD_PARAMETER */
function isJson(call: Call): boolean {
  const format = call.url.searchParams.get("format") ?? "ndjson";
  if (format !== "ndjson" && format !== "json") {
    throw fault("BAD_PARAMETER", "format", format, "ndjson or json");
  }
  return format === "json";
}
