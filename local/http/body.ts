import { fault, TinybirdError } from "../errors.ts";

/** A body as it is after decompression, in chunks, refused once it is larger than the limit. */
export async function* bodyChunks(request: Request, limit: number): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  let read = 0;
  try {
    for await (const chunk of decoded(request, request.body)) {
      read += chunk.byteLength;
      if (read > limit) throw fault("BODY_TOO_LARGE", limit);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof TinybirdError || !isEncodingError(error)) throw error;
    throw fault("BAD_ENCODING", request.headers.get("content-encoding") ?? "text");
  }
}

/** The whole body. @throws TinybirdError BODY_TOO_LARGE, BAD_ENCODING, UNKNOWN_ENCODING */
export async function bodyBytes(request: Request, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyChunks(request, limit)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Parameters in the body of a POST: a form or a JSON object, by its content type; none for anything else.
 * @throws TinybirdError BAD_JSON
 */
export async function bodyParams(request: Request, limit: number): Promise<Record<string, unknown>> {
  if (request.method !== "POST") return {};
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

function decoded(request: Request, body: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "") return body as unknown as AsyncIterable<Uint8Array>;
  if (encoding !== "gzip") throw fault("UNKNOWN_ENCODING", encoding);
  return body.pipeThrough(new DecompressionStream("gzip")) as unknown as AsyncIterable<Uint8Array>;
}

/** What zlib throws for bytes that are not gzip, or that end too early. */
function isEncodingError(error: unknown): boolean {
  return (
    error instanceof TypeError || (error as { code?: unknown }).code?.toString().startsWith("Z_") === true
  );
}
