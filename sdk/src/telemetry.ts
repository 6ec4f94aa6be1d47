/**
 * The parts of OpenTelemetry's API that are used, by structure: `trace.getTracer("…")` and `metrics.getMeter("…")` of
 * `@opentelemetry/api` fit, and so does anything else of this shape. The package does not depend on it.
 */
export type Attributes = Record<string, string | number | boolean>;

export type Span = {
  addEvent(name: string, attributes?: Attributes): unknown;
  recordException(error: Error): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
};

export type Tracer = {
  startSpan(name: string, options: { kind: number; attributes: Attributes }): Span;
};

export type Meter = {
  createCounter(
    name: string,
    options: { description: string; unit: string },
  ): { add(value: number, attributes?: Attributes): void };
};

/** OpenTelemetry's SpanKind. */
export const SPAN_KIND = { client: 2, producer: 3 } as const;
/** OpenTelemetry's SpanStatusCode.ERROR. */
const STATUS_ERROR = 2;

/** What a request is for, in a span. */
export type Operation = { readonly name: string; readonly kind: number; readonly attributes: Attributes };

/** A span where there is a tracer; what the application's tracer throws does not touch the delivery. */
export function startSpan(
  tracer: Tracer | undefined,
  { name, kind, attributes }: Operation,
): Span | undefined {
  return quietly(() => tracer?.startSpan(name, { kind, attributes }));
}

export function failSpan(span: Span | undefined, error: Error): void {
  quietly(() => {
    span?.recordException(error);
    span?.setStatus({ code: STATUS_ERROR, message: error.message });
  });
}

export function quietly<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** Counts events by their outcome. */
export type CountEvents = (dataSource: string, outcome: string, events: number) => void;

export function eventCounter(meter: Meter | undefined): CountEvents {
  const counter = quietly(() =>
    meter?.createCounter("social_interactions.events", { description: "Events by outcome", unit: "{event}" }),
  );
  if (counter === undefined) return () => {};
  return (dataSource, outcome, events) => {
    quietly(() => counter.add(events, { data_source: dataSource, outcome }));
  };
}
