import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { SocialInteraction } from "../schema.generated.ts";
import { connect } from "../testing/client.test-setup.ts";
import { interaction, interactions } from "./event.test-data.ts";

describe("sendAll", () => {
  it("counts just its events, while others are sent", async () => {
    const { events } = await connect({ quarantines: ({ platform }) => platform === "tv" });
    for (const event of interactions(3))
      events.send({ ...event, interaction_id: `other-${event.interaction_id}` });
    const all = events.sendAll([...interactions(4), interaction({ platform: "tv" })]);
    expect(await all).toEqual({
      sent: 5,
      delivered: 4,
      quarantined: 1,
      rejected: 0,
      undeliverable: 0,
      spooled: 0,
    });
    expect(await events.flush()).toEqual({
      sent: 3,
      delivered: 3,
      quarantined: 0,
      rejected: 0,
      undeliverable: 0,
      spooled: 0,
    });
  });

  it("takes an async iterable", async () => {
    const { server, events } = await connect();
    async function* source() {
      yield* interactions(3);
    }
    expect(await events.sendAll(source())).toMatchObject({ sent: 3, delivered: 3 });
    expect([...server.written.keys()]).toEqual(["e0", "e1", "e2"]);
  });

  it("counts and tells an invalid event, and sends the others", async () => {
    const { server, events } = await connect();
    const bad = { ...interaction(), tags: "a" as unknown as string[] };
    const told: unknown[] = [];
    const summary = await events.sendAll([interaction(), bad, interaction()], {
      onRejected: (event, error, index) => told.push([event, error.name, index]),
    });
    expect(summary).toEqual({
      sent: 3,
      delivered: 2,
      quarantined: 0,
      rejected: 1,
      undeliverable: 0,
      spooled: 0,
    });
    expect(told).toEqual([[bad, "InvalidEventError", 1]]);
    expect(server.written.size).toBe(2);
  });

  it("rejects an event larger than the whole queue", async () => {
    const { events } = await connect({}, { queue: { maxBytes: 1_000 } });
    const large = interaction({ text_content: "x".repeat(2_000) });
    expect(await events.sendAll([interaction(), large, interaction()])).toMatchObject({
      delivered: 2,
      rejected: 1,
    });
  });

  it("sends what came before a fault of the source, and throws that", async () => {
    const { server, events } = await connect();
    function* source() {
      yield* interactions(2);
      throw new Error("broken file");
    }
    await expect(events.sendAll(source())).rejects.toThrow("broken file");
    expect(server.written.size).toBe(2);
  });

  it.each([
    ["a Readable of objects", () => Readable.from(interactions(3))],
    [
      "a web stream of objects",
      () => Readable.toWeb(Readable.from(interactions(3))) as AsyncIterable<SocialInteraction>,
    ],
  ])("takes %s", async (_, source) => {
    const { events } = await connect();
    expect(await events.sendAll(source())).toMatchObject({ sent: 3, delivered: 3 });
  });

  it("ends when its signal is aborted, also while the source has nothing to give, and sends what it took", async () => {
    const { server, client, events } = await connect();
    const controller = new AbortController();
    async function* source() {
      yield* interactions(2);
      queueMicrotask(() => controller.abort(new Error("enough")));
      await new Promise(() => {});
    }
    await expect(events.sendAll(source(), { signal: controller.signal })).rejects.toThrow("enough");
    await client.flush();
    expect(server.written.size).toBe(2);
  });

  it("of nothing sends nothing", async () => {
    const { server, events } = await connect();
    expect(await events.sendAll([])).toMatchObject({ sent: 0 });
    expect(server.requests).toEqual([]);
  });
});
