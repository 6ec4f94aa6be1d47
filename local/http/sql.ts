import { fault } from "../errors.ts";
import { bodyBytes, jsonObject, paramsOf } from "./body.ts";
import { type Call, caller, type RequestAbout, type Route } from "./call.ts";
import { contentTypeOf, resultResponse } from "./format.ts";
import { endpointParams } from "./pipes.ts";

/** Bytes of a posted statement: far above Tinybird's 8 KB, as `tb` posts whole nodes. */
const MAX_SQL_BYTES = 1_000_000;

export const sqlRoutes: readonly Route[] = [
  { method: "GET", path: "/v0/sql", handle: getSql },
  { method: "POST", path: "/v0/sql", handle: postSql },
];

/** Without FORMAT a GET answers tab-separated text, as recorded expectations of `tb test` show. */
function getSql(call: Call): Promise<Response> {
  return answer(call, endpointParams(call.url), "TSV");
}

/** Without FORMAT a POST answers JSON, which the official SDKs parse. The body is SQL, a form, or JSON with `q`. */
async function postSql(call: Call): Promise<Response> {
  const type = call.request.headers.get("content-type") ?? "";
  const body = (await bodyBytes(call.request, MAX_SQL_BYTES)).toString("utf8");
  const params = endpointParams(call.url);
  if (type.includes("json")) return answer(call, { ...params, ...jsonObject(body) }, "JSON");
  const form = type.includes("form-urlencoded") && /(^|&)q=/.test(body);
  return answer(
    call,
    form ? { ...params, ...paramsOf(new URLSearchParams(body)) } : { ...params, q: body },
    "JSON",
  );
}

async function answer(call: Call, params: Record<string, unknown>, fallback: string): Promise<Response> {
  const { workspace, reading } = caller(call);
  const statement = params.q;
  if (typeof statement !== "string" || statement.trim() === "")
    throw fault("MISSING_PARAMETER", "q", "q=SELECT 1");
  const pipeline = typeof params.pipeline === "string" ? params.pipeline : undefined;
  if (pipeline !== undefined && !reading.mayRead(workspace.resources.pipeName(pipeline) ?? pipeline)) {
    throw fault("NO_READ_SCOPE", pipeline);
  }
  const query: RequestAbout["query"] = { pipe: null, parameters: params };
  call.about.query = query;
  const result = await workspace.queries.sql(statement, {
    params,
    signal: call.request.signal,
    format: fallback,
    reading,
    ...(pipeline !== undefined && { pipeline }),
  });
  Object.assign(query, { resultRows: result.rows, seconds: result.elapsed });
  return resultResponse(result.bytes, contentTypeOf(result.format));
}
