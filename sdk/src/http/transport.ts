import { abortable, linkedTo } from "../abort.ts";
import { fault } from "../errors.ts";
import { reasonOf } from "../issues.ts";
import type { Wire, WireAnswer } from "./wire.ts";

/** `path` starts with `/v0/` and holds the query. */
export type HttpRequest = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
};

type Head = { readonly status: number; readonly header: (name: string) => string | undefined };

/** `stream` is there when a stream was asked for and the status is a success; `text` is empty then. */
export type HttpAnswer = Head & { readonly text: string; readonly stream?: ReadableStream<Uint8Array> };

export interface Transport {
  /**
   * One request and its whole answer, whatever the status.
   * Throws SdkError UNREACHABLE or TIMEOUT, and the signal's reason when that is aborted.
   *
   * @param as "stream": a success is answered at its first byte, and `timeoutMs` holds up to there.
   */
  request(request: HttpRequest, signal: AbortSignal, as?: "text" | "stream"): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export type TransportOptions = {
  readonly host: string;
  readonly token: string;
  readonly timeoutMs: number;
};

/**
 * Adds the token, the deadline and the errors to a wire.
 *
 * @param agent Headers that say who asks.
 */
export function createTransport(
  options: TransportOptions,
  openWire: (origin: string) => Wire,
  agent: Readonly<Record<string, string>>,
): Transport {
  const base = new URL(options.host);
  const prefix = base.pathname.replace(/\/+$/, "");
  const wire = openWire(base.origin);
  const common = { authorization: `Bearer ${options.token}`, ...agent };
  const withoutToken = (text: string) => text.replaceAll(options.token, "[token]");

  return {
    async request(request, signal, as = "text") {
      const complete = {
        ...request,
        path: prefix + request.path,
        headers: { ...common, ...request.headers },
      };
      try {
        const answer = await withinDeadline(options.timeoutMs, signal, as === "stream", async (inner) =>
          received(await wire.request(complete, inner), as),
        );
        return answer.status < 300 ? answer : { ...answer, text: withoutToken(answer.text) };
      } catch (cause) {
        if (signal.aborted) throw signal.reason;
        if (cause === OUT_OF_TIME) throw fault("TIMEOUT", [options.timeoutMs]);
        throw fault("UNREACHABLE", [`${base.host}: ${withoutToken(reasonOf(cause))}`], cause);
      }
    },
    close: () => wire.close(),
  };
}

async function received(answer: WireAnswer, as: "text" | "stream"): Promise<HttpAnswer> {
  const { status, header } = answer;
  if (as === "stream" && status >= 200 && status < 300)
    return { status, header, text: "", stream: answer.stream() };
  return { status, header, text: await answer.text() };
}

const OUT_OF_TIME = Symbol("out of time");

/**
 * Runs with a signal that ends with the parent's or after `ms`; does not wait for a `run` that ignores it.
 *
 * @param outlives Whether the parent's signal still ends what `run` returned, such as a stream.
 */
async function withinDeadline<T>(
  ms: number,
  parent: AbortSignal,
  outlives: boolean,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = linkedTo(parent);
  const timer = setTimeout(() => inner.abort(OUT_OF_TIME), ms);
  let done = false;
  try {
    const value = await abortable(run(inner.signal), inner.signal);
    done = true;
    return value;
  } finally {
    clearTimeout(timer);
    if (!(outlives && done)) inner.unlink();
  }
}
