import { z } from "zod";
import { InvalidOptionError, type Issue, type SdkError } from "./errors.ts";
import type { Fetch } from "./http/wire.ts";
import { issuesOf } from "./issues.ts";
import type { DateForm } from "./reading/endpoints.ts";
import type { dataSources } from "./schema.generated.ts";
import type { QuarantineReason } from "./sending/quarantine.ts";
import type { Meter, Tracer } from "./telemetry.ts";
import { type Clock, type Random, type Sleep, sleepOnTimer } from "./time.ts";
import { secureRandom } from "./values/uuid.ts";

/** An event as it is sent, of any data source. */
export type EventRow = z.output<(typeof dataSources)[keyof typeof dataSources]["row"]>;

/** Rows that the service took but could not fit into the table's columns. */
export type QuarantineReport = {
  readonly dataSource: string;
  /** Rows of this request that went to quarantine; the service does not say which. */
  readonly count: number;
  /** Rows in the request. */
  readonly rows: number;
  /** The table that holds them and the reasons (column `c__error`). */
  readonly quarantine: string;
  /** Why, most frequent first, where the token may read the quarantine; those of the newest `count` rows in it. */
  readonly reasons?: readonly QuarantineReason[];
};

/** What a client found in its spool: events that an earlier one did not bring to an outcome. They are sent now. */
export type ReplayReport = {
  readonly segments: number;
  readonly events: number;
  /** Bytes of writes that were cut off; `send` had not returned for these events. */
  readonly tornBytes: number;
  /** Records that the disk or somebody changed. They are not sent; a copy of the file is kept as `….damaged`. */
  readonly damaged: number;
};

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
   * level 1) or "zstd", which is gzip where the runtime has none (Node before 22.15). False: never.
   */
  readonly compression?: false | { readonly encoding?: "gzip" | "zstd"; readonly minBytes?: number };
  /** Dates and times in rows of endpoints: "text" (default) in UTC, or "date" for `Date` objects. */
  readonly dates?: D;
  /** Milliseconds for one attempt, from connecting to the last byte of the answer. Default 30,000. */
  readonly timeoutMs?: number;
  /** How long a batch is tried. Network errors, timeouts and 408, 409, 429, 500, 502, 503, 504 are retried. */
  readonly retry?: {
    /** Attempts in all. Default 100. */
    readonly maxAttempts?: number;
    /** Milliseconds from the first attempt to the last. Default 600,000 (10 minutes). */
    readonly maxElapsedMs?: number;
    /** Milliseconds: upper bound of the first delay; it doubles with each attempt. Default 200. */
    readonly baseMs?: number;
    /** Milliseconds: upper bound of any delay. Default 30,000. */
    readonly capMs?: number;
  };
  /**
   * Takes back the events that could not be delivered; they can be sent again, their ids are the same. flush, sendAll and close
   * wait for the promise it may return. What it throws is thrown by the next flush, sendAll or close (code CALLBACK_FAILED).
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

/** Ours: well under the service's 10 MB, large enough that the cost of a request does not show. */
const BATCH_BYTES = 1_000_000;
const BATCH_ROWS = 10_000;
const BATCH_DELAY_MS = 200;
const QUEUE_BYTES = 64_000_000;
const HIGH_WATER_SHARE = 0.25;
/** A spool is there to take events while the service does not: it asks to wait only when it is nearly full. */
const SPOOL_HIGH_WATER_SHARE = 0.9;
const SPOOL_BYTES = 1_000_000_000;
/** Ours: below the 30 s that container platforms commonly give after SIGTERM. */
const EXIT_TIMEOUT_MS = 10_000;
const CONCURRENCY = 4;
/** The service's documented limit per data source. */
const REQUESTS_PER_SECOND = 100;
/** Below about one packet compression gains nothing. */
const COMPRESS_MIN_BYTES = 1024;
const SIGNALS = ["SIGTERM", "SIGINT"] as const;
const TIMEOUT_MS = 30_000;
const RETRY_ATTEMPTS = 100;
const RETRY_ELAPSED_MS = 600_000;
const RETRY_BASE_MS = 200;
const RETRY_CAP_MS = 30_000;
/** Timers of the platform hold a signed 32-bit number of milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

const positive = (unit: string) => {
  const error = `a positive whole number of ${unit}`;
  return z.number({ error }).refine((value) => Number.isSafeInteger(value) && value > 0, { error });
};
const duration = () => {
  const error = `a whole number of milliseconds from 0 to ${TIMER_MAX_MS}`;
  return z
    .number({ error })
    .refine((value) => Number.isInteger(value) && value >= 0 && value <= TIMER_MAX_MS, { error });
};
const flag = () => z.boolean({ error: "true or false" });
const withMethod = <T>(name: string) =>
  z
    .custom<T>((value) => typeof (value as Record<string, unknown> | null)?.[name] === "function", {
      error: `an object with a method ${name}`,
    })
    .optional();
const callable = <F>() =>
  z.custom<F>((value) => typeof value === "function", { error: "a function" }).optional();

const schema = z.strictObject({
  host: z.string({ error: "a URL" }).refine(isBaseUrl, {
    error: "an http or https URL without user, password, query or fragment",
  }),
  token: z.string({ error: "a token" }).regex(/^[\x21-\x7e]+$/, {
    error: "a token of visible ASCII characters",
  }),
  wait: flag().default(true),
  validate: flag().default(true),
  batch: z
    .strictObject({
      maxBytes: positive("bytes").default(BATCH_BYTES),
      maxRows: positive("rows").default(BATCH_ROWS),
      maxDelayMs: duration().default(BATCH_DELAY_MS),
    })
    .prefault({}),
  queue: z
    .strictObject({
      maxBytes: positive("bytes").default(QUEUE_BYTES),
      highWaterBytes: positive("bytes").optional(),
      overflow: z.enum(["reject", "wait"], { error: '"reject" or "wait"' }).default("reject"),
    })
    .prefault({})
    .transform((queue) => ({
      ...queue,
      highWaterBytes: Math.min(queue.highWaterBytes ?? queue.maxBytes * HIGH_WATER_SHARE, queue.maxBytes),
    })),
  spool: z
    .strictObject({
      dir: z.string({ error: "a folder" }).min(1, { error: "a folder" }),
      maxBytes: positive("bytes").default(SPOOL_BYTES),
      durable: flag().default(true),
      fsync: flag().default(false),
    })
    .transform((spool) => ({ ...spool, highWaterBytes: spool.maxBytes * SPOOL_HIGH_WATER_SHARE }))
    .optional(),
  exit: z
    .strictObject({
      beforeExit: flag().default(true),
      signals: z
        .union([z.boolean(), z.array(z.enum(SIGNALS))], {
          error: "true, false or a list of SIGTERM and SIGINT",
        })
        .default(false)
        .transform((signals) => (typeof signals === "boolean" ? (signals ? SIGNALS : []) : signals)),
      timeoutMs: duration().default(EXIT_TIMEOUT_MS),
    })
    .prefault({}),
  concurrency: positive("requests").default(CONCURRENCY),
  maxRequestsPerSecond: positive("requests").default(REQUESTS_PER_SECOND),
  compression: z
    .union(
      [
        z.literal(false),
        z.strictObject({
          encoding: z.enum(["gzip", "zstd"]).default("gzip"),
          minBytes: z.number().min(0).default(COMPRESS_MIN_BYTES),
        }),
      ],
      { error: "false or { encoding, minBytes }" },
    )
    .prefault({}),
  dates: z.enum(["text", "date"], { error: '"text" or "date"' }).default("text"),
  timeoutMs: duration()
    .refine((ms) => ms > 0, { error: "at least 1 millisecond" })
    .default(TIMEOUT_MS),
  retry: z
    .strictObject({
      maxAttempts: positive("attempts").default(RETRY_ATTEMPTS),
      maxElapsedMs: duration().default(RETRY_ELAPSED_MS),
      baseMs: duration().default(RETRY_BASE_MS),
      capMs: duration().default(RETRY_CAP_MS),
    })
    .prefault({}),
  onUndeliverable: callable<NonNullable<ClientOptions["onUndeliverable"]>>(),
  onQuarantined: callable<NonNullable<ClientOptions["onQuarantined"]>>(),
  onRejected: callable<NonNullable<ClientOptions["onRejected"]>>(),
  onReplay: callable<NonNullable<ClientOptions["onReplay"]>>(),
  tracer: withMethod<Tracer>("startSpan"),
  meter: withMethod<Meter>("createCounter"),
  fetch: callable<Fetch>(),
  clock: callable<Clock>().transform((clock) => clock ?? Date.now),
  random: callable<Random>().transform((random) => random ?? secureRandom()),
  sleep: callable<Sleep>().transform((sleep) => sleep ?? sleepOnTimer),
});

/** The options with every default in place. */
export type Settings = z.output<typeof schema>;

/** Fills in the defaults. Throws InvalidOptionError; the values of `host` and `token` are not repeated in it. */
export function settingsOf(options: ClientOptions<DateForm>): Settings {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new InvalidOptionError(
    issuesOf(result.error, options, "options", Object.keys(schema.shape)).map(withoutSecret),
  );
}

const SECRET_FIELDS: ReadonlySet<string> = new Set(["host", "token"]);

const withoutSecret = (issue: Issue): Issue =>
  SECRET_FIELDS.has(issue.field) && issue.received !== "nothing"
    ? { ...issue, received: "another value" }
    : issue;

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === "";
}
