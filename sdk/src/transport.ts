import { Pool } from "undici";
import { fault } from "./errors.ts";
import { reasonOf } from "./issues.ts";

const USER_AGENT = "social-interactions-sdk/0.1.0";

/** `path` starts with `/v0/` and holds the query. */
export type HttpRequest = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
};

export type HttpAnswer = {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly text: string;
};

/** The part of the platform's `fetch` that is used; any function of this shape can be injected. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: Uint8Array<ArrayBuffer>;
    readonly signal: AbortSignal;
    readonly redirect: "manual";
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

export interface Transport {
  /**
   * One request and its whole answer, whatever the status.
   * Throws SdkError UNREACHABLE or TIMEOUT, and the signal's reason when that is aborted.
   */
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export type TransportOptions = {
  readonly host: string;
  readonly token: string;
  readonly timeoutMs: number;
  readonly fetch?: Fetch | undefined;
};

/** Adds the token, the deadline and the errors to undici or to an injected `fetch`. */
export function createTransport(options: TransportOptions): Transport {
  const base = new URL(options.host);
  const prefix = base.pathname.replace(/\/+$/, "");
  const wire = options.fetch === undefined ? overUndici(base.origin) : overFetch(base.origin, options.fetch);
  const common = { authorization: `Bearer ${options.token}`, "user-agent": USER_AGENT };
  const withoutToken = (text: string) => text.replaceAll(options.token, "[token]");

  return {
    async request(request, signal) {
      const complete = {
        ...request,
        path: prefix + request.path,
        headers: { ...common, ...request.headers },
      };
      try {
        const answer = await withinDeadline(options.timeoutMs, signal, (inner) =>
          wire.request(complete, inner),
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

function overUndici(origin: string): Transport {
  // Deadlines are kept above; undici's own would be a second, coarser set.
  const pool = new Pool(origin, { headersTimeout: 0, bodyTimeout: 0 });
  return {
    async request({ method, path, headers, body }, signal) {
      const answer = await pool.request({
        method,
        path,
        signal,
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined ? {} : { body }),
      });
      const header = (name: string) => [answer.headers[name]].flat()[0];
      // The body is read to its end even when it is not wanted: only then is the connection used again.
      return { status: answer.statusCode, header, text: await answer.body.text() };
    },
    close: () => pool.destroy(),
  };
}

function overFetch(origin: string, fetch: Fetch): Transport {
  return {
    async request({ method, path, headers, body }, signal) {
      const answer = await fetch(origin + path, {
        method,
        headers: { ...headers },
        signal,
        redirect: "manual",
        ...(body === undefined ? {} : { body }),
      });
      const header = (name: string) => answer.headers.get(name) ?? undefined;
      return { status: answer.status, header, text: await answer.text() };
    },
    close: async () => {},
  };
}

const OUT_OF_TIME = Symbol("out of time");

/** Runs with a signal that ends with the parent's or after `ms`; does not wait for a `run` that ignores it. */
async function withinDeadline<T>(
  ms: number,
  parent: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController();
  const timer = setTimeout(() => inner.abort(OUT_OF_TIME), ms);
  const onParentAbort = () => inner.abort(parent.reason);
  parent.addEventListener("abort", onParentAbort, { once: true });
  if (parent.aborted) onParentAbort();
  try {
    return await Promise.race([run(inner.signal), rejection(inner.signal)]);
  } finally {
    clearTimeout(timer);
    parent.removeEventListener("abort", onParentAbort);
  }
}

const rejection = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
