import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as zlib from "node:zlib";

/** What the server does with a request to the Events API. "write, then drop" is a lost answer. */
export type Step =
  | "ok"
  | "drop"
  | "write, then drop"
  | "hang"
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

export type Recorded = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly rows: readonly Row[];
  /** The test's clock when the request came. */
  readonly at: number;
};

export type Row = { readonly interaction_id: string } & Record<string, unknown>;

export type EventsApiOptions = {
  /** One step per request to the Events API, in order of arrival; "ok" after the last. */
  readonly script?: readonly Step[];
  /** Larger bodies (uncompressed) get a 413. */
  readonly maxBytes?: number;
  /** Content encodings that are read; others get a 415. Default: all that this Node has. */
  readonly encodings?: readonly string[];
  readonly quarantines?: (row: Row) => boolean;
  readonly clock?: () => number;
  /** Answers everything that is not the Events API. */
  readonly answer?: (request: Recorded) => { readonly status: number; readonly body: string };
};

/** A server on a free port that commits rows per `interaction_id`, so lost and doubled events are exact counts. */
export async function startEventsApi(options: EventsApiOptions = {}) {
  const requests: Recorded[] = [];
  const written = new Map<string, number>();
  const quarantined = new Map<string, number>();
  const script = [...(options.script ?? [])];
  let underWay = 0;
  let mostUnderWay = 0;

  const commit = (rows: readonly Row[]) => {
    const bad = rows.filter((row) => options.quarantines?.(row) === true);
    const good = rows.filter((row) => !bad.includes(row));
    for (const { interaction_id } of good) increment(written, interaction_id);
    for (const { interaction_id } of bad) increment(quarantined, interaction_id);
    return JSON.stringify({ successful_rows: good.length, quarantined_rows: bad.length });
  };

  const takeEvents = (request: Recorded, response: ServerResponse) => {
    const encoding = request.headers["content-encoding"];
    if (encoding !== undefined && options.encodings?.includes(encoding) === false) {
      return answer(response, 415, '{"error": "this encoding is not read"}');
    }
    const step = script.shift() ?? "ok";
    if (step === "hang") return;
    if (step === "drop") return response.destroy();
    if (typeof step === "object") return answer(response, step.status, step.body ?? "", step.headers);
    if (request.body.length > (options.maxBytes ?? Number.POSITIVE_INFINITY)) {
      return answer(response, 413, '{"error": "too large"}');
    }
    const counts = commit(request.rows);
    if (step === "write, then drop") return response.destroy();
    return answer(response, request.url.searchParams.get("wait") === "true" ? 200 : 202, counts);
  };

  const server = createServer((incoming, response) => {
    underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    response.on("close", () => {
      underWay -= 1;
    });
    void record(incoming, options.clock ?? Date.now).then((request) => {
      requests.push(request);
      if (request.url.pathname === "/v0/events") return takeEvents(request, response);
      const { status, body } = options.answer?.(request) ?? { status: 404, body: '{"error": "not here"}' };
      return answer(response, status, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    host: `http://127.0.0.1:${port}`,
    requests,
    /** Times that each id was written, and put in quarantine. */
    written,
    quarantined,
    mostUnderWay: () => mostUnderWay,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type EventsApi = Awaited<ReturnType<typeof startEventsApi>>;

async function record(incoming: IncomingMessage, clock: () => number): Promise<Recorded> {
  const at = clock();
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const body = decoded(raw, incoming.headers["content-encoding"]).toString();
  const url = new URL(incoming.url ?? "/", "http://test");
  const rows =
    url.pathname === "/v0/events"
      ? body
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => JSON.parse(line) as Row)
      : [];
  return { method: incoming.method ?? "", url, headers: incoming.headers, body, rows, at };
}

function decoded(raw: Buffer, encoding: string | undefined): Buffer {
  if (encoding === "gzip") return zlib.gunzipSync(raw);
  if (encoding !== "zstd") return raw;
  // Node has it since 22.15.
  return (zlib as unknown as { zstdDecompressSync(bytes: Buffer): Buffer }).zstdDecompressSync(raw);
}

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, headers).end(body);
}

const increment = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
