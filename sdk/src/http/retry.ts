/** Answers 5xx that stay the same: the service does not know the method (501) or the version of HTTP (505). */
const FINAL: ReadonlySet<number> = new Set([501, 505]);

/** Whether the same query may succeed later: after 429, and 5xx, those of proxies (such as 520 to 529) included. */
export const isRetryableForQueries = (status: number): boolean =>
  status === 429 || (status >= 500 && !FINAL.has(status));

/**
 * The same for a batch of events, which may also come again after 408 and 409: its rows carry ids, so one that was
 * written already does no harm. A query that was too slow (408) would be so again.
 */
export const isRetryableForEvents = (status: number): boolean =>
  status === 408 || status === 409 || isRetryableForQueries(status);

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

type Header = (name: string) => string | undefined;

/**
 * Milliseconds that an answer asks to wait by `Retry-After` (seconds or an HTTP date), or by `X-RateLimit-Reset` (seconds)
 * when the limit is used up: the status is 429, or `X-RateLimit-Remaining` is 0. Undefined when it asks for nothing.
 */
export function askedWaitMs(status: number, header: Header, nowMs: number): number | undefined {
  const isUsedUp = status === 429 || header("x-ratelimit-remaining")?.trim() === "0";
  const reset = isUsedUp ? header("x-ratelimit-reset") : undefined;
  const asked = readDelay(header("retry-after"), nowMs) ?? readDelay(reset, nowMs);
  return asked === undefined ? undefined : Math.min(Math.max(asked, 0), MAX_RETRY_AFTER_MS);
}

function readDelay(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const seconds = Number(text);
  if (seconds > UNIX_TIME_SECONDS) return seconds * 1000 - nowMs;
  if (!Number.isNaN(seconds)) return Math.ceil(seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date - nowMs;
}
