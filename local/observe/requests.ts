import type { AnsweredRequest } from "../http/app.ts";
import { redacted, redactedUrl } from "./redact.ts";
import type { ServiceLog } from "./service-log.ts";

/** The name that Tinybird's figures have for `/v0/sql`. */
const QUERY_API = "query_api";

/** One line of the request log: a JSON object without tokens. */
export function requestLine({ call, requestId, status, seconds, error }: AnsweredRequest, now: Date): string {
  const { workspace, token } = call.about;
  return JSON.stringify({
    time: now.toISOString(),
    request_id: requestId,
    method: call.request.method,
    url: redactedUrl(call.url),
    status,
    duration_ms: Math.round(seconds * 1e6) / 1e3,
    ...(workspace && { workspace: workspace.name }),
    ...(token && { token_name: token.name }),
    ...(error && { error: redacted(error.message) }),
  });
}

/** Puts a query into the figures of its workspace. */
export function recordQuery(log: ServiceLog, request: AnsweredRequest, now: Date): void {
  const { call, requestId, status, seconds, error } = request;
  const { workspace, token, query } = call.about;
  if (workspace === undefined || query === undefined) return;
  const { id, name } = pipeOf(request);
  const moment = clickhouseMoment(now);
  const parameters = Object.fromEntries(
    Object.entries(query.parameters).map(([key, value]) => [key, redacted(String(value))]),
  );
  const about = { pipe_id: id, pipe_name: name, request_id: requestId, status_code: status };
  const url = redactedUrl(call.url);
  log.record(workspace.database, "pipe_stats_rt", {
    ...about,
    start_datetime: moment,
    token: token?.id ?? "",
    token_name: token?.name ?? "",
    duration: seconds,
    result_rows: query.resultRows ?? 0,
    url,
    error: error === null ? 0 : 1,
    error_message: error === null ? "" : redacted(error.message),
    parameters,
    method: call.request.method,
    user_agent: call.request.headers.get("user-agent") ?? "",
    client_ip: "127.0.0.1",
  });
  if (error === null) return;
  log.record(workspace.database, "endpoint_errors", {
    ...about,
    start_datetime: moment,
    params: parameters,
    url,
    error: redacted(error.message),
  });
}

function pipeOf({ call }: AnsweredRequest): { id: string; name: string } {
  const { workspace, query } = call.about;
  if (query?.pipe == null) return { id: QUERY_API, name: QUERY_API };
  return { id: workspace?.resources.pipeId(query.pipe) ?? "", name: query.pipe };
}

/** `YYYY-MM-DD HH:MM:SS` in UTC. */
export function clickhouseMoment(moment: Date): string {
  return moment.toISOString().slice(0, 19).replace("T", " ");
}
