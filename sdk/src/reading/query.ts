import { type Linked, linkedTo } from "../abort.ts";
import { fault } from "../errors.ts";
import { type Call, type CallContext, call, parseJson } from "../http/call.ts";
import type { HttpAnswer, HttpRequest } from "../http/transport.ts";
import { SPAN_KIND } from "../telemetry.ts";
import { utf8 } from "../values/utf8.ts";
import { readResult } from "./result.ts";
import { thenDo } from "./stream-end.ts";

export type CallOptions = {
  /** Ends the call, and a stream that is being read; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds for the whole call, retries included; of a streamed answer up to its first byte. Then SdkError DEADLINE
   * is thrown. Default: none.
   */
  readonly timeout?: number | undefined;
};

/** Runs requests under the rules for queries. Throws SdkError, or the reason of an aborted signal. */
export type Query = {
  /** The JSON of the answer. */
  json(name: string, request: HttpRequest, options: CallOptions): Promise<unknown>;
  /** The answer as it comes; retried until its first byte. */
  stream(name: string, request: HttpRequest, options: CallOptions): Promise<ReadableStream<Uint8Array>>;
  /** The rows of a SELECT, unchecked. */
  sql(sql: string, options: CallOptions): Promise<readonly unknown[]>;
};

/** An answer is wanted now: queries are tried less often, and for less long, than events. */
const QUERY_ATTEMPTS = 3;
const QUERY_ELAPSED_MS = 30_000;

/** Binds queries to a client. `closing` ends those that are under way. */
export function queries(context: CallContext, closing: AbortSignal): Query {
  const limits = {
    ...context.retry,
    maxAttempts: Math.min(context.retry.maxAttempts, QUERY_ATTEMPTS),
    maxElapsedMs: Math.min(context.retry.maxElapsedMs, QUERY_ELAPSED_MS),
  };
  const run = <T>(one: Call, read: (answer: HttpAnswer) => T, linked: Linked, timeout: number | undefined) =>
    withinDeadline(timeout, linked, context.sleep, async () => {
      const result = await call(one, read, { ...context, retry: limits }, linked.signal);
      if (!result.ok) throw result.error;
      return result.value;
    });
  const json: Query["json"] = async (name, request, { signal, timeout }) => {
    const linked = linkedTo(closing, signal);
    const asked = run({ request, operation: operationOf(name) }, readJson, linked, timeout);
    return asked.finally(linked.unlink);
  };
  const stream: Query["stream"] = async (name, request, { signal, timeout }) => {
    const linked = linkedTo(closing, signal);
    const one = { request, operation: operationOf(name), as: "stream" } as const;
    const answer = await run(one, readStream, linked, timeout).catch((error: unknown) => {
      linked.unlink();
      throw error;
    });
    return thenDo(answer, linked.unlink);
  };
  const sql: Query["sql"] = async (text, options) =>
    readResult("sql", await json("sql", sqlRequest(text), options)).data;
  return { json, stream, sql };
}

const operationOf = (name: string) => ({
  name: `query ${name}`,
  kind: SPAN_KIND.client,
  attributes: { "db.system.name": "tinybird", "db.operation.name": name },
});

/** Runs, and aborts when the time is over. */
async function withinDeadline<T>(
  timeout: number | undefined,
  linked: Linked,
  sleep: CallContext["sleep"],
  run: () => Promise<T>,
): Promise<T> {
  linked.signal.throwIfAborted();
  const done = new AbortController();
  if (timeout !== undefined) {
    void sleep(timeout, done.signal).then(() => {
      if (!done.signal.aborted) linked.abort(fault("DEADLINE", [timeout]));
    });
  }
  try {
    return await run();
  } finally {
    done.abort();
  }
}

/** Another text than JSON comes from something between us and the service, so it is asked again. */
function readJson({ status, text }: HttpAnswer): unknown {
  const value = parseJson(text);
  if (value === undefined) throw fault("UNEXPECTED_ANSWER", [`status ${status} to a query, without JSON`]);
  return value;
}

function readStream({ stream, status }: HttpAnswer): ReadableStream<Uint8Array> {
  if (stream === undefined) throw fault("UNEXPECTED_ANSWER", [`status ${status} without a body`]);
  return stream;
}

/** FORMAT stands on a line of its own: the SQL may end in a comment. */
export function sqlRequest(
  sql: string,
  parameters: URLSearchParams = new URLSearchParams(),
  format = "JSON",
): HttpRequest {
  const search = parameters.toString();
  return {
    method: "POST",
    path: `/v0/sql${search === "" ? "" : `?${search}`}`,
    headers: { "content-type": "text/plain" },
    body: utf8(`${sql.trim().replace(/;+$/, "")}\nFORMAT ${format}`),
  };
}
