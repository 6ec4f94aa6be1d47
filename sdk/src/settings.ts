import { setTimeout as timer } from "node:timers/promises";
import { z } from "zod";
import { InvalidOptionError, type Issue, type SdkError } from "./errors.ts";
import { issuesOf } from "./issues.ts";
import type { SocialInteractionRow } from "./schema.generated.ts";
import type { Fetch } from "./transport.ts";
import { secureRandom } from "./uuid.ts";

/** Milliseconds since 1970. */
export type Clock = () => number;
/** A number from 0 (included) to 1 (excluded). */
export type Random = () => number;
/** Resolves after `ms`, or at once when the signal is aborted; never rejects. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Rows that the service took but could not fit into the table's columns. */
export type QuarantineReport = {
  readonly dataSource: string;
  /** Rows of this request that went to quarantine; the service does not say which. */
  readonly count: number;
  /** Rows in the request. */
  readonly rows: number;
  /** The table that holds them and the reasons (column `c__error`). */
  readonly quarantine: string;
};

/** Options of `createClient`. Only `host` and `token` are required. */
export type ClientOptions = {
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
    /** What `send` does with an event beyond `maxBytes`: "reject" (default) throws QueueFullError, "undeliverable" hands it to `onUndeliverable`. */
    readonly overflow?: "reject" | "undeliverable";
  };
  /** Requests with events that are under way at a time. Default 4. */
  readonly concurrency?: number;
  /** Requests started per second, retries included. Default 100, the service's limit per data source. */
  readonly maxRequestsPerSecond?: number;
  /** Compress request bodies (gzip, level 1, off the event loop) of at least `minBytes` bytes. Default `{ minBytes: 1024 }`; true = the default. */
  readonly gzip?: boolean | { readonly minBytes: number };
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
    events: readonly SocialInteractionRow[],
    error: SdkError,
  ) => void | Promise<void>;
  /** Told of rows that went to quarantine. Throwing works as in `onUndeliverable`. */
  readonly onQuarantined?: (report: QuarantineReport) => void | Promise<void>;
  /** Makes the requests. Default undici, with a pool of connections of its own. */
  readonly fetch?: Fetch;
  /** Default `Date.now`. */
  readonly clock?: Clock;
  /** For ids and for the jitter of delays. Default: 32 bits from the system's secure source. */
  readonly random?: Random;
  /** For every delay but the timeout of an attempt. Default: a timer, which keeps the process alive. */
  readonly sleep?: Sleep;
};

/** Ours: well under the service's 10 MB, large enough that the cost of a request does not show. */
const BATCH_BYTES = 1_000_000;
const BATCH_ROWS = 10_000;
const BATCH_DELAY_MS = 200;
const QUEUE_BYTES = 64_000_000;
const HIGH_WATER_SHARE = 0.25;
const CONCURRENCY = 4;
/** The service's documented limit per data source. */
const REQUESTS_PER_SECOND = 100;
/** Below about one packet compression gains nothing. */
const GZIP_MIN_BYTES = 1024;
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
      overflow: z
        .enum(["reject", "undeliverable"], { error: '"reject" or "undeliverable"' })
        .default("reject"),
    })
    .prefault({})
    .transform((queue) => ({
      ...queue,
      highWaterBytes: Math.min(queue.highWaterBytes ?? queue.maxBytes * HIGH_WATER_SHARE, queue.maxBytes),
    })),
  concurrency: positive("requests").default(CONCURRENCY),
  maxRequestsPerSecond: positive("requests").default(REQUESTS_PER_SECOND),
  gzip: z
    .union([z.boolean(), z.strictObject({ minBytes: z.number().min(0) })], {
      error: "true, false or { minBytes }",
    })
    .default(true)
    .transform(toMinBytes),
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
  fetch: callable<Fetch>(),
  clock: callable<Clock>().transform((clock) => clock ?? Date.now),
  random: callable<Random>().transform((random) => random ?? secureRandom()),
  sleep: callable<Sleep>().transform((sleep) => sleep ?? sleepOnTimer),
});

/** The options with every default in place. `gzip` is the smallest body to compress, in bytes, or infinite. */
export type Settings = z.output<typeof schema>;

/** Fills in the defaults. Throws InvalidOptionError; the values of `host` and `token` are not repeated in it. */
export function settingsOf(options: ClientOptions): Settings {
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

function toMinBytes(gzip: boolean | { readonly minBytes: number }): number {
  if (gzip === false) return Number.POSITIVE_INFINITY;
  return gzip === true ? GZIP_MIN_BYTES : gzip.minBytes;
}

const sleepOnTimer: Sleep = (ms, signal) =>
  timer(ms, undefined, signal === undefined ? {} : { signal }).catch((reason: unknown) => {
    if (signal?.aborted !== true) throw reason;
  });
