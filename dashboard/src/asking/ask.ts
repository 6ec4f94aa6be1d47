import { type Query, queryString } from "../view/queries.ts";
import { Fault, faultOf } from "./fault.ts";
import type { PageToken, TokenSource } from "./token.ts";

/** Milliseconds after which an answer no longer counts. */
const TIMEOUT = 15_000;

/** Suffix of an endpoint: the form of its answer. */
export type Format = "json" | "csv" | "ndjson" | "parquet";

/** Asks an endpoint; resolves with an answer that is fine. @throws Fault, or AbortError when the caller ended it */
export type Ask = (query: Query, format: Format, signal?: AbortSignal) => Promise<Response>;

export function asker(fetch: typeof globalThis.fetch, tokens: TokenSource): Ask {
  const send = async (query: Query, format: Format, page: PageToken, signal?: AbortSignal) => {
    const late = AbortSignal.timeout(TIMEOUT);
    const url = `${page.host}/v0/pipes/${queryString(query, `.${format}`)}`;
    const headers = { Authorization: `Bearer ${page.token}` };
    return fetch(url, { headers, signal: signal ? AbortSignal.any([signal, late]) : late }).catch((error) => {
      if (signal?.aborted) throw error;
      throw new Fault("unreachable", late.aborted ? "No answer within 15 s" : "The server does not answer");
    });
  };
  return async (query, format, signal) => {
    const page = await tokens.get();
    const first = await send(query, format, page, signal);
    if (first.ok) return first;
    const fault = await faultOf(first);
    if (fault.kind !== "forbidden") throw fault;
    // Its time may be over, or the server another one since: one new token, then no more.
    tokens.drop(page);
    const second = await send(query, format, await tokens.get(), signal);
    if (second.ok) return second;
    throw await faultOf(second);
  };
}

/** The rows of an answer as JSON. */
export async function rowsOf<Row>(response: Response): Promise<readonly Row[]> {
  const { data } = (await response.json()) as { data: readonly Row[] };
  return data;
}
