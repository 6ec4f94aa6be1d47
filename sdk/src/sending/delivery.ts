import * as z from "zod";
import { fault, type SdkError, ServiceError } from "../errors.ts";
import { type CallContext, type CallResult, call, parseJson } from "../http/call.ts";
import type { HttpAnswer } from "../http/transport.ts";
import { type Operation, SPAN_KIND } from "../telemetry.ts";
import type { Batch } from "./batch.ts";
import type { Compressor, Packed } from "./compressor.ts";

/** What became of one batch. "too large": nothing was written, and fewer rows may pass. */
export type Outcome =
  | { readonly kind: "written"; readonly quarantined: number }
  | { readonly kind: "too large"; readonly error: SdkError }
  | { readonly kind: "undeliverable"; readonly error: SdkError };

export type DeliveryContext = CallContext & {
  /** Answer after the write. */
  readonly wait: boolean;
  readonly compressor: Compressor;
};

/** Posts a batch to the Events API until it has an outcome. Throws the signal's reason when that is aborted. */
export async function deliver(
  dataSource: string,
  batch: Batch,
  context: DeliveryContext,
  signal: AbortSignal,
): Promise<Outcome> {
  const packed = await context.compressor.pack(batch.encode());
  const result = await post(dataSource, batch, packed, context, signal);
  if (result.ok) return outcomeOf(result.value, batch);
  if (context.compressor.isRefused(packed, result.error)) return deliver(dataSource, batch, context, signal);
  const tooLarge = result.error instanceof ServiceError && result.error.status === 413;
  return { kind: tooLarge ? "too large" : "undeliverable", error: result.error };
}

function outcomeOf({ missing, quarantined }: Counts, { rows }: Batch): Outcome {
  if (missing > 0) return { kind: "undeliverable", error: miscounted(missing, rows) };
  return { kind: "written", quarantined };
}

function post(
  dataSource: string,
  batch: Batch,
  { body, encoding }: Packed,
  context: DeliveryContext,
  signal: AbortSignal,
): Promise<CallResult<Counts>> {
  const query = new URLSearchParams({ name: dataSource, ...(context.wait ? { wait: "true" } : {}) });
  const headers = {
    "content-type": "application/x-ndjson",
    ...(encoding === undefined ? {} : { "content-encoding": encoding }),
  };
  const request = { method: "POST", path: `/v0/events?${query}`, headers, body } as const;
  const read = (answer: HttpAnswer) => readCounts(answer, batch.rows);
  return call({ request, operation: operationOf(dataSource, batch) }, read, context, signal);
}

const operationOf = (dataSource: string, { rows, bytes }: Batch): Operation => ({
  name: `send ${dataSource}`,
  kind: SPAN_KIND.producer,
  attributes: {
    "messaging.destination.name": dataSource,
    "messaging.batch.message_count": rows,
    "messaging.message.body.size": bytes,
  },
});

const countsSchema = z.object({
  successful_rows: z.int().min(0),
  quarantined_rows: z.int().min(0),
});

type Counts = { readonly missing: number; readonly quarantined: number };

/**
 * The rows of an answer. `missing` is told apart only when the service says that it has written (200): before that its
 * counts are those of a first look. A 2xx without a body counts as taken; a text that is no JSON comes from something else.
 */
function readCounts(answer: HttpAnswer, rows: number): Counts {
  if (answer.text.trim() === "") return { missing: 0, quarantined: 0 };
  const body = parseJson(answer.text);
  if (typeof body !== "object" || body === null) {
    throw fault("UNEXPECTED_ANSWER", [`status ${answer.status} to events, without counts of rows`]);
  }
  const counts = countsSchema.safeParse(body);
  if (!counts.success) return { missing: 0, quarantined: 0 };
  const quarantined = Math.min(counts.data.quarantined_rows, rows);
  const confirmed = quarantined + counts.data.successful_rows;
  return { missing: answer.status === 200 ? Math.max(0, rows - confirmed) : 0, quarantined };
}

const miscounted = (missing: number, rows: number) =>
  fault("UNEXPECTED_ANSWER", [
    `it confirmed ${rows - missing} of ${rows} events; some of these may be written`,
  ]);
