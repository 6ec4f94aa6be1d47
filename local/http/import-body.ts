import { Readable } from "node:stream";
import { Busboy } from "@fastify/busboy";
import { fault } from "../errors.ts";
import type { ImportFile, ImportFormat } from "../workspace.ts";
import { bodyChunks, decodedChunks } from "./body.ts";
import type { Call } from "./call.ts";

/** Bytes of a file after decompression. Tinybird's limit for uploads is 500 MB; here the disk is the limit. */
const MAX_IMPORT_BYTES = Number.MAX_SAFE_INTEGER;

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

const FORMATS: readonly ImportFormat[] = ["ndjson", "csv", "parquet"];

/** What may stand behind a file's name, `.gz` taken away. */
const FORMAT_OF_EXTENSION: Readonly<Record<string, ImportFormat>> = {
  ndjson: "ndjson",
  jsonl: "ndjson",
  json: "ndjson",
  csv: "csv",
  parquet: "parquet",
};

/** Bytes with what is known of them. */
interface Source {
  readonly body: AsyncIterable<Uint8Array>;
  /** Name or path, for the format and the compression. */
  readonly name: string;
  readonly size: number | null;
}

/**
 * The file of an import: at `url`, in a multipart form, or the body itself.
 * @throws TinybirdError BAD_PARAMETER, BAD_MULTIPART, FOREIGN_URL, UNREADABLE_URL
 */
export async function importFileOf(call: Call, form: Record<string, unknown>): Promise<ImportFile> {
  const search = call.url.searchParams;
  const url = search.get("url") ?? (typeof form.url === "string" ? form.url : null);
  const source = url === null ? await uploaded(call) : await fetched(url, call.allowRemoteUrls);
  const format = formatOf(search.get("format"), source.name);
  const escapeCharacter = search.get("dialect_escapechar");
  const delimiter = search.get("dialect_delimiter");
  const body = source.name.endsWith(".gz")
    ? decodedChunks(source.body, "gzip", MAX_IMPORT_BYTES)
    : source.body;
  const dialect = { ...(delimiter && { delimiter }), ...(escapeCharacter && { escape: escapeCharacter }) };
  return { format, body, dialect, size: source.name.endsWith(".gz") ? null : source.size };
}

function formatOf(given: string | null, name: string): ImportFormat {
  const extension = /\.(\w+)(?:\.gz)?$/.exec(name)?.[1] ?? "";
  const format = given ?? FORMAT_OF_EXTENSION[extension] ?? "ndjson";
  const known = FORMATS.find((each) => each === format);
  if (known === undefined) throw fault("BAD_PARAMETER", "format", format, `one of ${FORMATS.join(", ")}`);
  return known;
}

async function uploaded({ request }: Call): Promise<Source> {
  const type = request.headers.get("content-type") ?? "";
  if (type.includes("multipart/form-data")) return filePart(request, type);
  const size = request.headers.has("content-encoding") ? null : Number(request.headers.get("content-length"));
  return { body: bodyChunks(request, MAX_IMPORT_BYTES), name: "", size: size || null };
}

/** The first part with a file, whatever its name: clients call it `csv` for every format. Read as it arrives. */
function filePart(request: Request, type: string): Promise<Source> {
  return new Promise((resolve, reject) => {
    const fail = (detail: string) => reject(fault("BAD_MULTIPART", detail));
    let isFound = false;
    try {
      const form = new Busboy({ headers: { "content-type": type } });
      form.on("file", (_, stream, name) => {
        if (isFound) stream.resume();
        else resolve({ body: stream, name, size: null });
        isFound = true;
      });
      form.on("error", (error) => fail(error instanceof Error ? error.message : String(error)));
      form.on("finish", () => isFound || fail("there is no part with a file"));
      Readable.from(bodyChunks(request, MAX_IMPORT_BYTES)).on("error", reject).pipe(form);
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
  });
}

async function fetched(url: string, allowRemote: boolean): Promise<Source> {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw fault("BAD_PARAMETER", "url", url, "an http or https URL");
  }
  if (!allowRemote && !LOOPBACK_HOSTS.has(parsed.hostname)) throw fault("FOREIGN_URL", parsed.hostname);
  // A redirect could lead away from this machine.
  const response = await fetch(parsed, { redirect: allowRemote ? "follow" : "error" }).catch((error) => {
    throw fault("UNREADABLE_URL", error instanceof Error ? error.message : String(error));
  });
  if (!response.ok || response.body === null) throw fault("UNREADABLE_URL", `status ${response.status}`);
  const size = Number(response.headers.get("content-length")) || null;
  return { body: response.body as unknown as AsyncIterable<Uint8Array>, name: parsed.pathname, size };
}
