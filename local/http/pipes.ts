import type { PipeState } from "../workspace.ts";
import { bodyParams, paramsOf } from "./body.ts";
import { admin, type Call, caller, type Route } from "./call.ts";
import { formatOfSuffix, resultResponse } from "./format.ts";
import { json, microseconds, text } from "./reply.ts";

/** Bytes of parameters in the body of a call. */
const MAX_PARAMS_BYTES = 1_000_000;

export const pipeRoutes: readonly Route[] = [
  { method: "GET", path: "/v0/pipes", handle: listPipes },
  { method: "GET", path: "/v1/pipes/:file", handle: pipeText },
  { method: "GET", path: "/v0/pipes/:file", handle: pipeOrAnswer },
  { method: "POST", path: "/v0/pipes/:file", handle: answer },
];

function listPipes(call: Call): Response {
  const { workspace } = admin(call);
  return json({ pipes: workspace.pipes().map(pipeObject) });
}

/** `NAME` describes the pipe, `NAME.json` and the like answer it. */
function pipeOrAnswer(call: Call): Response | Promise<Response> {
  const file = call.path.file ?? "";
  if (file.includes(".")) return answer(call);
  const { workspace, need } = caller(call);
  const state = workspace.pipe(file);
  need("PIPES:READ", state.pipe.name);
  return json(pipeObject(state));
}

async function answer(call: Call): Promise<Response> {
  const file = call.path.file ?? "";
  const dot = file.lastIndexOf(".");
  const name = dot === -1 ? file : file.slice(0, dot);
  const format = formatOfSuffix(dot === -1 ? "json" : file.slice(dot + 1));
  const { workspace, need, mayRead } = caller(call);
  need("PIPES:READ", name);
  const params = { ...endpointParams(call.url), ...(await bodyParams(call.request, MAX_PARAMS_BYTES)) };
  const result =
    typeof params.q === "string"
      ? await workspace.sql(params.q, { params, mayRead, format: format.engine, pipeline: name })
      : await workspace.query(name, params, format.engine);
  return resultResponse(result.bytes, format.contentType);
}

/** The parameters of a call: all but the token. Names that a pipe does not know are ignored by its template. */
export function endpointParams(url: URL): Record<string, string> {
  const { token: _, ...params } = paramsOf(url.searchParams);
  return params;
}

function pipeText(call: Call): Response {
  const { workspace } = admin(call);
  return text(workspace.pipe((call.path.file ?? "").replace(/\.pipe$/, "")).pipe.content);
}

/** A pipe in the form that clients read. */
function pipeObject({ pipe, record }: PipeState) {
  const nodes = pipe.nodes.map((node, i) => ({
    id: `${record.id}_n${i}`,
    name: node.name,
    sql: node.sql,
    description: node.description ?? "",
    // The CLI tells the output node from the others by this word.
    node_type: node.type ?? "standard",
    materialized: null,
    dependencies: [],
    params: [],
  }));
  const output = nodes.find((node) => node.node_type === "endpoint");
  return {
    id: record.id,
    name: pipe.name,
    description: pipe.description ?? "",
    type: pipe.type,
    endpoint: output?.id ?? null,
    url: output === undefined ? null : `/v0/pipes/${pipe.name}.json`,
    path: pipe.path,
    content: pipe.content,
    created_at: microseconds(record.createdAt),
    updated_at: microseconds(record.updatedAt),
    nodes,
  };
}
