import { type SdkError, ServiceError } from "../errors.ts";
import type { Encoding, Platform } from "../platform/platform.ts";

type Setting = false | { readonly encoding: Encoding; readonly minBytes: number };

/** A request's body, and how it is encoded. */
export type Packed = { readonly body: Uint8Array<ArrayBuffer>; readonly encoding: Encoding | undefined };

/** Statuses by which a service says that it does not read the encoding. */
const REFUSALS: ReadonlySet<number> = new Set([400, 415]);

/** Compresses bodies as the options say, and with gzip where the runtime or the service has no zstd. */
export class Compressor {
  readonly #platform: Platform;
  readonly #minBytes: number;
  #encoding: Encoding;

  constructor(platform: Platform, setting: Setting) {
    this.#platform = platform;
    this.#minBytes = setting === false ? Number.POSITIVE_INFINITY : setting.minBytes;
    const wanted = setting === false ? "gzip" : setting.encoding;
    this.#encoding = platform.encodings.has(wanted) ? wanted : "gzip";
  }

  /** As it is when it is small, or when compressing gains nothing. */
  async pack(body: Uint8Array<ArrayBuffer>): Promise<Packed> {
    const plain = { body, encoding: undefined };
    if (body.length < this.#minBytes) return plain;
    const encoding = this.#encoding;
    const compressed = await this.#platform.compress(body, encoding);
    return compressed.length < body.length ? { body: compressed, encoding } : plain;
  }

  /** Whether a refusal may be about zstd, which the service does not document; bodies are packed with gzip from then on. */
  isRefused({ encoding }: Packed, error: SdkError): boolean {
    const refused = encoding === "zstd" && error instanceof ServiceError && REFUSALS.has(error.status);
    if (refused) this.#encoding = "gzip";
    return refused;
  }
}
