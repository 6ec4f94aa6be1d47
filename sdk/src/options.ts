import type { SdkError } from "./errors.ts";
import type { Fetch } from "./http/wire.ts";
import type { DateForm } from "./reading/endpoints.ts";
import type { EventRow, QuarantineReport, ReplayReport } from "./reports.ts";
import type { Meter, Tracer } from "./telemetry.ts";
import type { Clock, Random, Sleep } from "./time.ts";

/** Options of `createClient`. Only `host` and `token` are required. */
export type ClientOptions<D extends DateForm = "text"> = {
  /** Base URL of the service, such as `http://127.0.0.1:7181` or `https://api.tinybird.co`. */
  readonly host: string;
  /** Token with APPEND on the data source and READ on the endpoints. It travels in the Authorization header only. */
  readonly token: string;
  /** Have the service answer after the write (200) and not after taking the request (202, which can still be lost). Default true. */
  readonly wait?: boolean;
  /** Check events, parameters and answers against the schema. Default true; false sends as given and lets the service decide. */
  readonly validate?: boolean;
  readonly batch?: {
    /** Bytes of encoded rows in a request before compression. Default 1,000,000; the service takes 10 MB on its smallest plan. */
    readonly maxBytes?: number;
    /** Rows in a request. Default 10,000. */
    readonly maxRows?: number;
    /** Milliseconds that an event waits for others. Default 200. */
    readonly maxDelayMs?: number;
  };
  readonly queue?: {
    /** Bytes of encoded events that have no outcome yet, waiting or under way; never more. Default 64,000,000. */
    readonly maxBytes?: number;
    /** Above this many bytes `send` returns false and `ready` waits. Default a quarter of `maxBytes`. */
    readonly highWaterBytes?: number;
    /**
     * What `send` does with an event beyond `maxBytes`; it returns false in either case. "reject" (default): the event is not
     * taken and told to `onRejected` with QueueFullError, so memory is bounded whatever the caller does. "wait": the event is
     * taken, as a Node stream takes it, and memory is bounded for callers who wait for `ready()`.
     */
    readonly overflow?: "reject" | "wait";
  };
  /**
   * Keeps events on disk until they have an outcome; the next client that opens the folder sends what is left. Its bound
   * takes the place of the queue's. One process at a time may own a folder. Node only.
   */
  readonly spool?: {
    readonly dir: string;
    /** Bytes of encoded events without an outcome. Default 1,000,000,000. */
    readonly maxBytes?: number;
    /** True (default): each event is written before `send` returns, and survives kill -9. False: with its batch. */
    readonly durable?: boolean;
    /** Have each write reach the disk itself, for power cuts. Default false: a write reaches the operating system. */
    readonly fsync?: boolean;
  };
  /** What happens at the end of the process. Node only. */
  readonly exit?: {
    /** Flush when the process has nothing left to do. Default true. */
    readonly beforeExit?: boolean;
    /** Close on these signals, then let them end the process. True: SIGTERM and SIGINT. Default false. */
    readonly signals?: boolean | readonly ("SIGTERM" | "SIGINT")[];
    /** Milliseconds that such a close may take. Default 10,000. */
    readonly timeoutMs?: number;
  };
  /** Requests with events that are under way at a time. Default 4. */
  readonly concurrency?: number;
  /** Requests started per second, retries included. Default 100, the service's limit per data source. */
  readonly maxRequestsPerSecond?: number;
  /**
   * Compress request bodies of at least `minBytes` bytes (default 1024), off the event loop. `encoding`: "gzip" (default,
   * level 1) or "zstd", which is gzip where the runtime (Node before 22.15) or the service has none. False: never.
   */
  readonly compression?: false | { readonly encoding?: "gzip" | "zstd"; readonly minBytes?: number };
  /** Dates and times in rows of endpoints: "text" (default) in UTC, or "date" for `Date` objects. */
  readonly dates?: D;
  /** Milliseconds for one attempt, from connecting to the last byte of the answer. Default 30,000. */
  readonly timeoutMs?: number;
  /** How long a batch is tried. Network errors, timeouts, 408, 409, 429 and 5xx are retried. */
  readonly retry?: {
    /** Attempts in all. Default 100; with a spool no limit, for what is on disk can wait. */
    readonly maxAttempts?: number;
    /** Milliseconds from the first attempt to the last. Default 600,000 (10 minutes); with a spool no limit. */
    readonly maxElapsedMs?: number;
    /** Milliseconds: upper bound of the first delay; it doubles with each attempt. Default 200. */
    readonly baseMs?: number;
    /** Milliseconds: upper bound of any delay. Default 30,000. */
    readonly capMs?: number;
  };
  /**
   * Takes back the events that could not be delivered, and says to which data source; they can be sent again, their ids
   * are the same. flush, sendAll and close wait for the promise it may return, so it must not wait for them. What it throws is thrown by the next flush,
   * sendAll or close (code CALLBACK_FAILED).
   */
  readonly onUndeliverable?: (
    events: readonly EventRow[],
    error: SdkError,
    from: { readonly dataSource: string },
  ) => void | Promise<void>;
  /** Told of an event that `send` did not take: QueueFullError, or SPOOL_FAILED. Called before `send` returns false. */
  readonly onRejected?: (event: unknown, error: SdkError) => void;
  /** Told once what the spool held at the start, if anything. Throwing works as in `onUndeliverable`. */
  readonly onReplay?: (report: ReplayReport) => void | Promise<void>;
  /** Told of rows that went to quarantine. Throwing works as in `onUndeliverable`. */
  readonly onQuarantined?: (report: QuarantineReport) => void | Promise<void>;
  /**
   * Told in a line of losses that no callback takes: events given up without `onUndeliverable`, events refused without
   * `onRejected`; once of each kind. Default in Node `process.emitWarning`, elsewhere `console.warn`.
   */
  readonly warn?: (text: string) => void;
  /** A tracer of OpenTelemetry, or anything of its shape: a span for each batch and each query. */
  readonly tracer?: Tracer;
  /** A meter of OpenTelemetry, or anything of its shape: counts events by outcome. */
  readonly meter?: Meter;
  /** Makes the requests. Default in Node: undici, with a pool of connections of its own; elsewhere the global `fetch`. */
  readonly fetch?: Fetch;
  /** Default `Date.now`. */
  readonly clock?: Clock;
  /** For ids and for the jitter of delays. Default: 32 bits from the system's secure source. */
  readonly random?: Random;
  /** For every delay but the timeout of an attempt. Default: a timer, which keeps a Node process alive. */
  readonly sleep?: Sleep;
};
