import * as z from "zod";
import { InvalidOptionError, type Issue } from "./errors.ts";
import type { Fetch } from "./http/wire.ts";
import { issuesOf } from "./issues.ts";
import type { ClientOptions } from "./options.ts";
import type { DateForm } from "./reading/endpoints.ts";
import type { Meter, Tracer } from "./telemetry.ts";
import { type Clock, type Random, type Sleep, sleepOnTimer } from "./time.ts";
import { secureRandom } from "./values/uuid.ts";

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
/** What is on disk can wait: an outage that lasts longer than any budget must not leave it for the next start. */
const SPOOL_RETRY = Number.POSITIVE_INFINITY;
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

const fields = z.strictObject({
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
      maxAttempts: positive("attempts").optional(),
      maxElapsedMs: duration().optional(),
      baseMs: duration().default(RETRY_BASE_MS),
      capMs: duration().default(RETRY_CAP_MS),
    })
    .prefault({}),
  onUndeliverable: callable<NonNullable<ClientOptions["onUndeliverable"]>>(),
  onQuarantined: callable<NonNullable<ClientOptions["onQuarantined"]>>(),
  onRejected: callable<NonNullable<ClientOptions["onRejected"]>>(),
  onReplay: callable<NonNullable<ClientOptions["onReplay"]>>(),
  warn: callable<NonNullable<ClientOptions["warn"]>>(),
  tracer: withMethod<Tracer>("startSpan"),
  meter: withMethod<Meter>("createCounter"),
  fetch: callable<Fetch>(),
  clock: callable<Clock>().transform((clock) => clock ?? Date.now),
  random: callable<Random>().transform((random) => random ?? secureRandom()),
  sleep: callable<Sleep>().transform((sleep) => sleep ?? sleepOnTimer),
});

const schema = fields.transform(({ retry, ...others }) => ({
  ...others,
  retry: {
    ...retry,
    maxAttempts: retry.maxAttempts ?? (others.spool ? SPOOL_RETRY : RETRY_ATTEMPTS),
    maxElapsedMs: retry.maxElapsedMs ?? (others.spool ? SPOOL_RETRY : RETRY_ELAPSED_MS),
  },
}));

/** The options with every default in place. */
export type Settings = z.output<typeof schema>;

/** Fills in the defaults. Throws InvalidOptionError; the values of `host` and `token` are not repeated in it. */
export function settingsOf(options: ClientOptions<DateForm>): Settings {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new InvalidOptionError(
    issuesOf(result.error, options, "options", Object.keys(fields.shape)).map(withoutSecret),
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
