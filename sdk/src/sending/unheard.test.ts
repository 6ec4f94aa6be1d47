import { describe, expect, it } from "vitest";
import { connect } from "../testing/client.test-setup.ts";
import { interactions } from "./event.test-data.ts";

const REFUSED = { status: 403, body: '{"error": "no"}' };

describe("a loss that no callback takes", () => {
  it("is warned of with its cause, once of each kind", async () => {
    const lines: string[] = [];
    const { events } = await connect(
      { script: [REFUSED, REFUSED, { status: 404 }] },
      { batch: { maxRows: 2 }, concurrency: 1, warn: (line) => void lines.push(line) },
    );
    expect(await events.sendAll(interactions(6))).toMatchObject({ undeliverable: 6 });
    expect(lines).toEqual([
      expect.stringMatching(/given up: 2 for 'social_interactions'.*onUndeliverable.*\(403\): no/),
      expect.stringMatching(/given up.*\(404\)/),
    ]);
  });

  it("is warned of when the queue is full", async () => {
    const lines: string[] = [];
    const { events } = await connect(
      {},
      { queue: { maxBytes: 1_000 }, warn: (line) => void lines.push(line) },
    );
    for (const event of interactions(20)) events.send(event);
    expect(lines).toEqual([expect.stringMatching(/not taken.*'social_interactions'.*onRejected.*ready\(\)/)]);
  });

  it("is no matter for a warning when a callback takes it", async () => {
    const lines: string[] = [];
    const { events } = await connect(
      { script: [REFUSED] },
      {
        queue: { maxBytes: 1_000 },
        warn: (line) => void lines.push(line),
        onUndeliverable: () => {},
        onRejected: () => {},
      },
    );
    for (const event of interactions(20)) events.send(event);
    await events.flush();
    expect(lines).toEqual([]);
  });
});
