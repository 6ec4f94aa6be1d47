/** The door of `@social-interactions/sdk` in browsers, workers and edge runtimes: the same names, without Node's modules. */
import { clientFactory } from "./client.ts";
import { webPlatform } from "./platform/web.ts";

export * from "./exports.ts";

/** A client over the global `fetch`, or the one that is injected. The option `spool` is refused: there are no files. */
export const createClient = clientFactory(webPlatform);
