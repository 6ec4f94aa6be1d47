/** Statuses after which the same batch of events may succeed; rows carry ids, so one that was written already does no harm. */
export const RETRYABLE_FOR_EVENTS: ReadonlySet<number> = new Set([408, 409, 429, 500, 502, 503, 504]);
/** The same for queries, without 408 (the query is too slow) and 409. */
export const RETRYABLE_FOR_QUERIES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** Ours: a longer wait asked for by the service (or read from a wrong clock) is cut to five minutes. */
export const MAX_RETRY_AFTER_MS = 300_000;
/** A reset "in seconds" larger than this is a Unix time; some gateways send one. */
const UNIX_TIME_SECONDS = 1_000_000_000;

export type RetryLimits = {
  readonly maxAttempts: number;
  readonly maxElapsedMs: number;
  readonly baseMs: number;
  readonly capMs: number;
};

/** A failed attempt. `attempt` counts from 1, `elapsedMs` from the first attempt; `retryAfterMs` is what the service asked for. */
export type Failed = {
  readonly attempt: number;
  readonly elapsedMs: number;
  readonly retryable: boolean;
  readonly retryAfterMs?: number | undefined;
};

/** `shared`: the wait was asked for by the service, so all batches of the client keep it. */
export type Decision =
  | { readonly retry: true; readonly delayMs: number; readonly shared: boolean }
  | { readonly retry: false };

/** Wait how long, or stop. Stops rather than waiting past `maxElapsedMs`. */
export function decideRetry(failed: Failed, limits: RetryLimits, random: () => number): Decision {
  if (!failed.retryable || failed.attempt >= limits.maxAttempts) return { retry: false };
  const asked = failed.retryAfterMs ?? 0;
  const shared = asked > 0;
  // Also after a wait that was asked for: clients that were refused together would come back together.
  const delayMs = asked + fullJitter(failed.attempt, limits, random);
  if (failed.elapsedMs + delayMs > limits.maxElapsedMs) return { retry: false };
  return { retry: true, delayMs, shared };
}

/**
 * Full jitter: evenly from 0 to min(cap, base · 2^(attempt - 1)) milliseconds, so that clients that failed together do not
 * come back together. Formula: "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
 */
export function fullJitter(
  attempt: number,
  limits: Pick<RetryLimits, "baseMs" | "capMs">,
  random: () => number,
): number {
  return Math.floor(random() * Math.min(limits.capMs, limits.baseMs * 2 ** (attempt - 1)));
}

/**
 * Milliseconds that an answer asks to wait: `Retry-After` (seconds or an HTTP date), else `X-RateLimit-Reset` (seconds);
 * undefined when there is neither or it cannot be read.
 */
export function retryAfterMs(
  header: (name: string) => string | undefined,
  nowMs: number,
): number | undefined {
  const asked = readDelay(header("retry-after"), nowMs) ?? readDelay(header("x-ratelimit-reset"), nowMs);
  return asked === undefined ? undefined : Math.min(Math.max(asked, 0), MAX_RETRY_AFTER_MS);
}

/** Milliseconds to wait after an answer that used up the limit: `X-RateLimit-Remaining` is 0. */
export function exhaustedMs(header: (name: string) => string | undefined, nowMs: number): number | undefined {
  return header("x-ratelimit-remaining")?.trim() === "0" ? retryAfterMs(header, nowMs) : undefined;
}

function readDelay(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const seconds = Number(text);
  if (seconds > UNIX_TIME_SECONDS) return seconds * 1000 - nowMs;
  if (!Number.isNaN(seconds)) return Math.ceil(seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date - nowMs;
}
