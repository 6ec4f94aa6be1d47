import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { openSpool } from "../spool/spool.ts";
import { processExits } from "./exits.ts";
import type { Encoding, Platform } from "./platform.ts";
import { overUndici } from "./undici.ts";

const gzip = promisify<Uint8Array, zlib.ZlibOptions, Buffer<ArrayBuffer>>(zlib.gzip);

type ZstdCompress = (
  body: Uint8Array,
  done: (error: Error | null, result: Buffer<ArrayBuffer>) => void,
) => void;
/** Node has it since 22.15. */
const zstdCompress = (zlib as { readonly zstdCompress?: ZstdCompress }).zstdCompress;
const zstd = zstdCompress === undefined ? undefined : promisify(zstdCompress);

export const nodePlatform: Platform = {
  agent: { "user-agent": "social-interactions-sdk/0.1.0" },
  openWire: overUndici,
  encodings: new Set<Encoding>(zstd === undefined ? ["gzip"] : ["gzip", "zstd"]),
  compress: (body, encoding) =>
    encoding === "zstd" && zstd !== undefined
      ? zstd(body)
      : gzip(body, { level: zlib.constants.Z_BEST_SPEED }),
  warn: (text) => process.emitWarning(text, "SocialInteractionsWarning"),
  openSpool,
  exits: processExits,
};
