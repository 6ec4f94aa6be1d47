import type { Route } from "./call.ts";
import { json, text } from "./reply.ts";

/** The version of the CLI whose requests this server is tested with. */
const COMPATIBLE_VERSION = "5.0.2";

/** What scripts ask before anything else; no token is needed. */
export const statusRoutes: readonly Route[] = [
  { method: "GET", path: "/version", handle: () => text(COMPATIBLE_VERSION) },
  { method: "GET", path: "/v0/health", handle: () => json({ status: "ok" }) },
  { method: "GET", path: "/v0/regions", handle: () => json({ regions: [] }) },
];
