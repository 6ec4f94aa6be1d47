import type { Explanation, NodeParameter, PipeState } from "../workspace.ts";
import { bodyParams, paramsOf } from "./body.ts";
import { type Call, type Caller, caller, type RequestAbout, type Route } from "./call.ts";
import { formatOfSuffix, resultResponse } from "./format.ts";
import { openapiDocument } from "./openapi.ts";
import { json, microseconds, text } from "./reply.ts";

/** Bytes of parameters in the body of a call. */
const MAX_PARAMS_BYTES = 1_000_000;

export const pipeRoutes: readonly Route[] = [
  { method: "GET", path: "/v0/pipes", handle: listPipes },
  // Before the pipes themselves: none can have this name, which holds a dot.
  { method: "GET", path: "/v0/pipes/openapi.json", handle: openapi },
  { method: "GET", path: "/v1/pipes/:file", handle: pipeText },
  { method: "GET", path: "/v0/pipes/:file", handle: pipeOrAnswer },
  { method: "POST", path: "/v0/pipes/:file", handle: answer },
  { method: "GET", path: "/v0/pipes/:pipe/explain", handle: explain },
  { method: "GET", path: "/v0/pipes/:pipe/nodes/:node/explain", handle: explain },
];

function listPipes(call: Call): Response {
  const found = caller(call);
  if (!found.maySome("PIPES:READ")) found.need("PIPES:READ");
  return json({ pipes: readable(found).map((state) => withAttributes(pipeObject(state), call)) });
}

/** `NAME` describes the pipe, `NAME.json` and the like answer it. */
function pipeOrAnswer(call: Call): Response | Promise<Response> {
  const file = call.path.file ?? "";
  if (file.includes(".")) return answer(call);
  const { workspace, need } = caller(call);
  need("PIPES:READ", workspace.resources.pipeName(file) ?? file);
  const state = workspace.resources.pipe(file);
  return json(withAttributes(pipeObject(state), call));
}

async function answer(call: Call): Promise<Response> {
  const file = call.path.file ?? "";
  const dot = file.lastIndexOf(".");
  const name = dot === -1 ? file : file.slice(0, dot);
  const format = formatOfSuffix(dot === -1 ? "json" : file.slice(dot + 1));
  const { workspace, need, reading } = caller(call);
  need("PIPES:READ", name);
  const params = { ...(await paramsOfCall(call)), ...reading.fixedParamsOf(name) };
  workspace.queries.endpoint(name);
  if (params.explain === "true")
    return json(explanation(await workspace.queries.explain(name, null, params)));
  const query: RequestAbout["query"] = { pipe: name, parameters: params };
  call.about.query = query;
  const options = { params, format: format.engine, signal: call.request.signal };
  const result =
    typeof params.q === "string"
      ? await workspace.queries.sql(params.q, { ...options, reading, pipeline: name })
      : await workspace.queries.query(name, params, format.engine, call.request.signal);
  Object.assign(query, { resultRows: result.rows, seconds: result.elapsed });
  return resultResponse(result.bytes, format.contentType);
}

/** What a pipe, or one of its nodes, comes to for a request, and ClickHouse's plan for it. */
async function explain(call: Call): Promise<Response> {
  const { pipe = "", node = null } = call.path;
  const { workspace, need, reading } = caller(call);
  const name = workspace.resources.pipeName(pipe) ?? pipe;
  need("PIPES:READ", name);
  const params = { ...endpointParams(call.url), ...reading.fixedParamsOf(name) };
  return json(explanation(await workspace.queries.explain(name, node, params)));
}

function explanation({ query, plan }: Explanation) {
  return { debug_query: query, query_explain: plan };
}

/** The parameters of a call: all but the token. Names that a pipe does not know are ignored by its template. */
export function endpointParams(url: URL): Record<string, string> {
  const { token: _, ...params } = paramsOf(url.searchParams);
  return params;
}

/** The endpoints that the token may read, as an OpenAPI document. */
async function openapi(call: Call): Promise<Response> {
  const found = caller(call);
  const { workspace } = found;
  const endpoints = readable(found).filter(({ pipe }) => pipe.type === "endpoint");
  const described = await Promise.all(
    endpoints.map(async (state) => ({ ...state, columns: await workspace.queries.columns(state.pipe) })),
  );
  return json(openapiDocument(described, { title: workspace.name, origin: call.origin }));
}

function readable({ workspace, may }: Caller): readonly PipeState[] {
  return workspace.resources.pipes().filter(({ pipe }) => may("PIPES:READ", pipe.name));
}

async function paramsOfCall(call: Call): Promise<Record<string, unknown>> {
  return { ...endpointParams(call.url), ...(await bodyParams(call.request, MAX_PARAMS_BYTES)) };
}

function pipeText(call: Call): Response {
  const { workspace, need } = caller(call);
  const name = (call.path.file ?? "").replace(/\.pipe$/, "");
  need("PIPES:READ", workspace.resources.pipeName(name) ?? name);
  return text(workspace.resources.pipe(name).pipe.content);
}

/** Exactly the keys that `attrs` and `node_attrs` ask for, and `url`. */
function withAttributes(
  pipe: ReturnType<typeof pipeObject>,
  { url }: Call,
): Readonly<Record<string, unknown>> {
  const keys = listOf(url, "attrs");
  const nodeKeys = listOf(url, "node_attrs");
  const nodes = nodeKeys === null ? pipe.nodes : pipe.nodes.map((node) => only(node, nodeKeys));
  const whole = { ...pipe, nodes };
  if (keys === null) return whole;
  return only(whole, [...keys, "url", ...(nodeKeys === null ? [] : ["nodes"])]);
}

function listOf(url: URL, name: string): readonly string[] | null {
  const value = url.searchParams.get(name);
  return value ? value.split(",").map((key) => key.trim()) : null;
}

function only(value: object, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)));
}

/** A pipe in the form that clients read. */
function pipeObject({ pipe, record, targetId, nodes: descriptions }: PipeState) {
  const nodes = pipe.nodes.map((node, i) => ({
    id: `${record.id}_n${i}`,
    name: node.name,
    sql: node.sql,
    description: node.description ?? "",
    // The CLI tells the output node from the others by this word.
    node_type: node.type ?? "standard",
    materialized: node.type === "materialized" ? targetId : null,
    dependencies: descriptions[i]?.dependencies ?? [],
    params: (descriptions[i]?.parameters ?? []).map(parameterObject),
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

/** Only what the pipe says of it: a key that is not there is not null. */
function parameterObject(parameter: NodeParameter): Readonly<Record<string, unknown>> {
  const { name, type, required, ...said } = parameter;
  const rest = Object.entries(said).filter(([key, value]) => value !== null || key === "default");
  return { name, type, required, ...Object.fromEntries(rest) };
}
