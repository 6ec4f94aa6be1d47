import { describe, expect, it } from "vitest";
import { interaction, interactions } from "./sending/event.test-data.ts";
import type { Attributes, Meter, Tracer } from "./telemetry.ts";
import { connect } from "./testing/client.test-setup.ts";
import { skippingTime } from "./testing/time.test-clock.ts";

type Recorded = {
  name: string;
  kind: number;
  attributes: Attributes;
  events: unknown[];
  failed?: string;
  ended: boolean;
};

function recordingTracer() {
  const spans: Recorded[] = [];
  const tracer: Tracer = {
    startSpan(name, { kind, attributes }) {
      const span: Recorded = { name, kind, attributes, events: [], ended: false };
      spans.push(span);
      return {
        addEvent: (event, more) => void span.events.push([event, more]),
        recordException: () => undefined,
        setStatus: ({ message = "" }) => {
          span.failed = message;
        },
        end: () => {
          span.ended = true;
        },
      };
    },
  };
  return { spans, tracer };
}

describe("a tracer", () => {
  it("gets a span for each batch, with its retries as events", async () => {
    const { spans, tracer } = recordingTracer();
    const { events } = await connect(
      { script: [{ status: 503 }] },
      { ...skippingTime().time, random: () => 0.5, tracer },
    );
    await events.sendAll(interactions(2));
    expect(spans).toEqual([
      {
        name: "send social_interactions",
        kind: 3,
        attributes: {
          "messaging.destination.name": "social_interactions",
          "messaging.batch.message_count": 2,
          "messaging.message.body.size": expect.any(Number),
        },
        events: [["retry", { attempt: 1, code: "UNAVAILABLE", delay_ms: 100 }]],
        ended: true,
      },
    ]);
  });

  it("gets a span for each query, failed when it failed", async () => {
    const { spans, tracer } = recordingTracer();
    const { client } = await connect({}, { tracer });
    await client.trendingContent().catch(() => undefined);
    expect(spans).toMatchObject([
      { name: "query trending_content", kind: 2, failed: expect.stringContaining("404"), ended: true },
    ]);
  });

  it("that throws does not touch the delivery", async () => {
    const tracer: Tracer = {
      startSpan: () => {
        throw new Error("no exporter");
      },
    };
    const { events } = await connect({}, { tracer });
    expect(await events.sendAll(interactions(2))).toMatchObject({ delivered: 2 });
  });
});

describe("a meter", () => {
  it("counts events by outcome", async () => {
    const added: unknown[] = [];
    const meter: Meter = {
      createCounter: (name) => ({ add: (n, attributes) => void added.push([name, n, attributes]) }),
    };
    const { events } = await connect({ quarantines: ({ platform }) => platform === "tv" }, { meter });
    await events.sendAll([...interactions(2), interaction({ platform: "tv" })]);
    const data_source = "social_interactions";
    expect(added).toEqual([
      ["social_interactions.events", 2, { data_source, outcome: "delivered" }],
      ["social_interactions.events", 1, { data_source, outcome: "quarantined" }],
    ]);
  });
});
