import { overFetch } from "../http/wire.ts";
import type { Platform } from "./platform.ts";

/** Runtimes that have `fetch` and web streams: browsers, workers, edge functions. */
export const webPlatform: Platform = {
  agent: {},
  // Looked up per request: tests and frameworks replace it after this module was loaded.
  openWire: (origin) => overFetch(origin, (url, init) => globalThis.fetch(url, init)),
  encodings: new Set(["gzip"]),
  async compress(body) {
    const compressed = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(compressed).arrayBuffer());
  },
  warn: (text) => console.warn(text),
  openSpool: undefined,
  exits: undefined,
};
