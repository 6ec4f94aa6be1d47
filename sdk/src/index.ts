/** The door of `@social-interactions/sdk` in Node: everything else may change without notice. */
import { clientFactory } from "./client.ts";
import { nodePlatform } from "./platform/node.ts";

export * from "./exports.ts";

/** A client over undici, with gzip off the event loop and, when asked for, a spool on disk. */
export const createClient = clientFactory(nodePlatform);
