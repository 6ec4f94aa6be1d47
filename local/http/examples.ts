import type { NodeParameter } from "../workspace.ts";
import type { Call, Route } from "./call.ts";
import { text } from "./reply.ts";

export const exampleRoutes: readonly Route[] = [
  { method: "GET", path: "/examples/query.http", handle: exampleCall },
];

/**
 * The URL of a call of an endpoint, with its parameters' defaults and the token that was sent: what `tb endpoint url`
 * prints. It asks for no scope; whoever has no token of this server is only not told the parameters.
 */
function exampleCall(call: Call): Response {
  const { searchParams } = call.url;
  const pipe = searchParams.get("pipe") ?? "";
  const token = searchParams.get("token") ?? "";
  const search = new URLSearchParams([...defaultsOf(call, pipe, token), ["token", token]]);
  const format = searchParams.get("format") ?? "json";
  return text(`${call.origin}/v0/pipes/${encodeURIComponent(pipe)}.${format}?${search}`);
}

function defaultsOf({ organization }: Call, pipe: string, token: string): [string, string][] {
  const found = organization.authenticate(token);
  const state = found?.workspace.pipes().find((each) => each.pipe.name === pipe);
  const parameters = (state?.nodes ?? []).flatMap((node) => node.parameters);
  return [...new Map(parameters.flatMap(withDefault))];
}

function withDefault({ name, default: value }: NodeParameter): [string, string][] {
  return value === null || value === undefined || typeof value === "object" ? [] : [[name, String(value)]];
}
