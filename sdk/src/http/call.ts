import { fault, SdkError, ServiceError } from "../errors.ts";
import { reasonOf } from "../issues.ts";
import { failSpan, type Operation, quietly, type Span, startSpan, type Tracer } from "../telemetry.ts";
import type { Clock, Random, Sleep } from "../time.ts";
import type { RateWindow } from "./rate-window.ts";
import { askedWaitMs, decideRetry, type RetryLimits } from "./retry.ts";
import type { HttpAnswer, HttpRequest, Transport } from "./transport.ts";

/** An error page in an error text is cut after this many characters. */
const ERROR_TEXT_LENGTH = 500;

/** Requests made, counted over the life of a client. */
export type CallCounts = { requests: number; retries: number; rateLimited: number };

/** What a call needs of the world. */
export type CallContext = {
  readonly transport: Transport;
  readonly window: RateWindow;
  readonly retry: RetryLimits;
  /** Whether the same request may succeed after this status. */
  readonly isRetryable: (status: number) => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly sleep: Sleep;
  readonly counts: CallCounts;
  readonly tracer?: Tracer | undefined;
};

/** A request, what it is for, and how its answer is wanted. */
export type Call = {
  readonly request: HttpRequest;
  readonly operation: Operation;
  readonly as?: "text" | "stream";
};

export type CallResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: SdkError };

type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly error: SdkError;
      readonly retryable: boolean;
      readonly retryAfterMs?: number | undefined;
    };

/**
 * One request with its retries. `read` turns a 2xx answer into a value and throws SdkError UNEXPECTED_ANSWER when it is
 * not what the service writes (a proxy's page, say); such an answer is retried.
 * Throws the signal's reason when that is aborted.
 */
export async function call<T>(
  one: Call,
  read: (answer: HttpAnswer) => T,
  context: CallContext,
  signal: AbortSignal,
): Promise<CallResult<T>> {
  const span = startSpan(context.tracer, one.operation);
  try {
    const result = await attempts(one, read, context, signal, span);
    if (!result.ok) failSpan(span, result.error);
    return result;
  } catch (reason) {
    failSpan(span, reason instanceof Error ? reason : new Error(String(reason)));
    throw reason;
  } finally {
    quietly(() => span?.end());
  }
}

async function attempts<T>(
  one: Call,
  read: (answer: HttpAnswer) => T,
  context: CallContext,
  signal: AbortSignal,
  span: Span | undefined,
): Promise<CallResult<T>> {
  const started = context.clock();
  for (let attempt = 1; ; attempt += 1) {
    await context.window.enter(signal, one.operation.name);
    signal.throwIfAborted();
    count(context.counts, attempt);
    const result = await tryOnce(one, read, context, signal, attempt);
    if (result.ok) return result;
    const elapsedMs = context.clock() - started;
    const decision = decideRetry({ ...result, attempt, elapsedMs }, context.retry, context.random);
    if (!decision.retry) return { ok: false, error: result.error };
    quietly(() => span?.addEvent("retry", { attempt, code: result.error.code, delay_ms: decision.delayMs }));
    if (decision.shared) context.window.closeFor(decision.delayMs);
    else await context.sleep(decision.delayMs, signal);
  }
}

function count(counts: CallCounts, attempt: number): void {
  counts.requests += 1;
  if (attempt > 1) counts.retries += 1;
}

async function tryOnce<T>(
  { request, as = "text" }: Call,
  read: (answer: HttpAnswer) => T,
  context: CallContext,
  signal: AbortSignal,
  attempt: number,
): Promise<Attempt<T>> {
  try {
    const answer = await context.transport.request(request, signal, as);
    const retryAfterMs = askedWaitMs(answer.status, answer.header, context.clock());
    if (retryAfterMs !== undefined) context.window.closeFor(retryAfterMs);
    if (answer.status >= 200 && answer.status < 300) return { ok: true, value: read(answer) };
    return { ...refused(answer, context, attempt), retryAfterMs };
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof SdkError) return { ok: false, error: cause, retryable: true };
    return { ok: false, error: fault("INTERNAL", [reasonOf(cause)], cause), retryable: false };
  }
}

function refused({ status, text }: HttpAnswer, context: CallContext, attempt: number) {
  if (status === 429) context.counts.rateLimited += 1;
  const error = new ServiceError(status, errorText(text), attempt);
  return { ok: false, error, retryable: context.isRetryable(status) } as const;
}

/** The service's sentence: `{"error": "…"}`, or the text as it came. */
function errorText(text: string): string {
  const parsed = parseJson(text);
  const said =
    typeof parsed === "object" && parsed !== null && "error" in parsed ? String(parsed.error) : text;
  return said.trim().slice(0, ERROR_TEXT_LENGTH) || "no text";
}

/** The value of a JSON text, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
