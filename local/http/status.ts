import type { Call, Route } from "./call.ts";
import { json, text } from "./reply.ts";

/** The version of the CLI whose requests this server is tested with. */
const COMPATIBLE_VERSION = "5.0.2";

/** What needs no token, because it tells nothing that its caller does not know. */
export const statusRoutes: readonly Route[] = [
  { method: "GET", path: "/version", handle: () => text(COMPATIBLE_VERSION) },
  { method: "GET", path: "/v0/health", handle: () => json({ status: "ok" }) },
  { method: "GET", path: "/v0/regions", handle: () => json({ regions: [] }) },
  { method: "GET", path: "/examples/query.http", handle: exampleUrl },
];

/** The URL of an endpoint's call, put together from what the caller sends; the CLI shows it to its user. */
function exampleUrl({ url, origin }: Call): Response {
  const { format = "json", pipe = "", q = "", token = "" } = Object.fromEntries(url.searchParams);
  const example = new URL(`${origin}/v0/pipes/${encodeURIComponent(pipe)}.${encodeURIComponent(format)}`);
  if (q !== "") example.searchParams.set("q", q);
  example.searchParams.set("token", token);
  return text(example.href);
}
