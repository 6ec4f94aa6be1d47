import type * as z from "zod";
import { type Client, clientFactory } from "../client.ts";
import type { Fetch } from "../http/wire.ts";
import type { ClientOptions } from "../options.ts";
import { webPlatform } from "../platform/web.ts";
import { dataSources, endpoints } from "../schema.generated.ts";
import { type Answered, printed } from "./answer-text.ts";

type DataSources = typeof dataSources;
type Endpoints = typeof endpoints;

/** Rows, or a function of the parameters as they travel. */
type Answer<Row> = readonly Row[] | ((parameters: Readonly<Record<string, string>>) => readonly Row[]);

export type TestRequest = { readonly method: string; readonly path: string; readonly body: string };

/** An answer that is no success; `error` is the service's sentence. */
export type Refusal = { readonly status: number; readonly error?: string };

export type TestClientOptions = Partial<
  Omit<ClientOptions, "host" | "token" | "fetch" | "spool" | "dates">
> & {
  /** What the endpoints answer; no rows where nothing is said. */
  readonly answers?: { readonly [K in keyof Endpoints]?: Answer<z.output<Endpoints[K]["row"]>> };
  /** What `sql` answers. */
  readonly sql?: (query: string) => readonly Record<string, unknown>[];
  /** Refuses a request, to see how the application takes it. */
  readonly refuse?: (request: TestRequest) => Refusal | undefined;
};

/** A client for tests of applications, and what came of it. */
export type TestClient = {
  readonly client: Client;
  /** The events that arrived, by data source, as they travelled. Complete after `await client.flush()`. */
  readonly events: { readonly [K in keyof DataSources]: z.output<DataSources[K]["row"]>[] };
  /** Every request, in order. */
  readonly requests: TestRequest[];
};

/**
 * A client that sends nothing: it checks, encodes, batches and retries as in production, and its requests are recorded.
 * Needs no server and no Node.
 */
export function createTestClient(options: TestClientOptions = {}): TestClient {
  const { answers = {}, sql = () => [], refuse = () => undefined, ...clientOptions } = options;
  const requests: TestRequest[] = [];
  const none = Object.keys(dataSources).map((key) => [key, []]);
  const events: TestClient["events"] = Object.fromEntries(none);

  const answer = (request: TestRequest): Answered => {
    requests.push(request);
    const refusal = refuse(request);
    if (refusal !== undefined)
      return { status: refusal.status, body: JSON.stringify({ error: refusal.error ?? "refused" }) };
    const url = new URL(request.path, ORIGIN);
    if (url.pathname === "/v0/events")
      return { status: 200, body: take(url.searchParams.get("name"), request.body) };
    if (url.pathname === "/v0/sql") {
      const [, query = "", format = ""] = /^(.*)\nFORMAT (\w+)$/s.exec(request.body) ?? [];
      return printed(sql(query), format);
    }
    return answerOf(url, request.body);
  };

  const take = (name: string | null, body: string): string => {
    const rows = body.split("\n").filter((line) => line !== "");
    const key = Object.entries(dataSources).find(([, source]) => source.name === name)?.[0];
    if (key !== undefined) events[key as keyof DataSources].push(...rows.map((line) => JSON.parse(line)));
    return JSON.stringify({ successful_rows: rows.length, quarantined_rows: 0 });
  };

  const answerOf = (url: URL, body: string): Answered => {
    const [, name, format = "json"] = /^\/v0\/pipes\/(\w+)\.(\w+)$/.exec(url.pathname) ?? [];
    const key = Object.entries(endpoints).find(([, endpoint]) => endpoint.name === name)?.[0];
    const given = key === undefined ? [] : (answers[key as keyof Endpoints] ?? []);
    const parameters = Object.fromEntries(new URLSearchParams(url.search === "" ? body : url.search));
    return printed(typeof given === "function" ? given(parameters) : given, format);
  };

  const fetch: Fetch = async (url, { method, body }) => {
    const request = { method, path: url.slice(ORIGIN.length), body: new TextDecoder().decode(body) };
    const { status, body: text } = answer(request);
    const { body: stream } = new Response(text);
    return { status, headers: { get: () => null }, text: async () => text, body: stream };
  };
  const createClient = clientFactory(webPlatform);
  return {
    client: createClient({ compression: false, ...clientOptions, host: ORIGIN, token: "test", fetch }),
    events,
    requests,
  };
}

const ORIGIN = "http://test.invalid";
