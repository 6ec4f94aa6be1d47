import { Readable, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import { createGunzip, createInflate } from "node:zlib";
import { fault, TinybirdError } from "../errors.ts";

/** Decompressors by the word of Content-Encoding. Zstandard came to Node with 22.15. */
const DECODERS: Readonly<Record<string, (() => Transform) | undefined>> = {
  gzip: createGunzip,
  deflate: createInflate,
  zstd: (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress,
};

/** Takes away the encodings that this process can read: the words for an error and for `Accept-Encoding`. */
export const KNOWN_ENCODINGS = Object.keys(DECODERS).filter((name) => DECODERS[name] !== undefined);

/** A body as it is after decompression, in chunks, refused once it is larger than the limit. */
export function bodyChunks(request: Request, limit: number): AsyncGenerator<Uint8Array> {
  const body = request.body as unknown as AsyncIterable<Uint8Array> | null;
  return decodedChunks(body ?? [], request.headers.get("content-encoding"), limit);
}

/**
 * Any bytes after decompression, refused once they are more than the limit.
 * @throws TinybirdError BODY_TOO_LARGE, BAD_ENCODING, UNKNOWN_ENCODING
 */
export async function* decodedChunks(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  encoding: string | null,
  limit: number,
): AsyncGenerator<Uint8Array> {
  const name = (encoding ?? "identity").trim().toLowerCase();
  let read = 0;
  try {
    for await (const chunk of decoded(body, name)) {
      read += chunk.byteLength;
      if (read > limit) throw fault("BODY_TOO_LARGE", limit);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof TinybirdError || !isEncodingError(error)) throw error;
    throw fault("BAD_ENCODING", name);
  }
}

/** The whole body. @throws TinybirdError BODY_TOO_LARGE, BAD_ENCODING, UNKNOWN_ENCODING */
export async function bodyBytes(request: Request, limit: number): Promise<Buffer> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > limit) throw fault("BODY_TOO_LARGE", limit);
  if (request.headers.get("content-encoding") === null) return plainBytes(request, limit);
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyChunks(request, limit)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The usual case, a body that says how long it is, without a stream. */
async function plainBytes(request: Request, limit: number): Promise<Buffer> {
  if (request.headers.get("content-length") !== null) return Buffer.from(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyChunks(request, limit)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Parameters in the body of a POST: a form or a JSON object, by its content type; none for anything else.
 * @throws TinybirdError BAD_JSON
 */
export async function bodyParams(request: Request, limit: number): Promise<Record<string, unknown>> {
  if (request.method !== "POST" && request.method !== "PUT") return {};
  const type = request.headers.get("content-type") ?? "";
  const text = (await bodyBytes(request, limit)).toString("utf8");
  if (text.trim() === "") return {};
  if (type.includes("json")) return jsonObject(text);
  return type.includes("form-urlencoded") ? paramsOf(new URLSearchParams(text)) : {};
}

/** Values by name; a name that comes several times is an array, which templates read as a comma list. */
export function paramsOf(search: URLSearchParams): Record<string, string> {
  const names = new Set([...search.keys()].filter((name) => name !== ""));
  return Object.fromEntries([...names].map((name) => [name, search.getAll(name).join(",")]));
}

/** @throws TinybirdError BAD_JSON when the text is not one JSON object */
export function jsonObject(text: string): Record<string, unknown> {
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw fault("BAD_JSON", "expected one object");
  }
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fault("BAD_JSON", cause instanceof Error ? cause.message : String(cause));
  }
}

function decoded(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  encoding: string,
): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (encoding === "identity" || encoding === "") return body;
  const decoder = DECODERS[encoding];
  if (decoder === undefined) throw fault("UNKNOWN_ENCODING", encoding, KNOWN_ENCODINGS.join(", "));
  const source = Readable.from(body);
  const target = decoder();
  source.on("error", (error) => target.destroy(error));
  return source.pipe(target);
}

/** What zlib throws for bytes that are not of that encoding, or that end too early. */
function isEncodingError(error: unknown): boolean {
  return (error as { code?: unknown }).code?.toString().startsWith("Z_") === true;
}
