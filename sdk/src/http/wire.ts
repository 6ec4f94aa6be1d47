/** `path` starts with `/` and holds the query. */
export type WireRequest = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
};

/** An answer whose body is read once, as text or as a stream. */
export type WireAnswer = {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly text: () => Promise<string>;
  readonly stream: () => ReadableStream<Uint8Array>;
};

/** Requests to one origin, without deadlines or tokens. */
export interface Wire {
  request(request: WireRequest, signal: AbortSignal): Promise<WireAnswer>;
  close(): Promise<void>;
}

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
  /** Wanted for streamed answers only. */
  readonly body?: ReadableStream<Uint8Array> | null;
  text(): Promise<string>;
}>;

export function overFetch(origin: string, fetch: Fetch): Wire {
  return {
    async request({ method, path, headers, body }, signal) {
      const answer = await fetch(origin + path, {
        method,
        headers: { ...headers },
        signal,
        redirect: "manual",
        ...(body === undefined ? {} : { body }),
      });
      return {
        status: answer.status,
        header: (name) => answer.headers.get(name) ?? undefined,
        text: () => answer.text(),
        stream: () => answer.body ?? new ReadableStream({ start: (controller) => controller.close() }),
      };
    },
    close: async () => {},
  };
}
