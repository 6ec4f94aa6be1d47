import { describe, expect, it } from "vitest";
import { ClientClosedError } from "../errors.ts";
import { connect, until } from "../testing/client.test-setup.ts";
import { skippingTime, stoppedTime } from "../testing/time.test-clock.ts";
import { interaction, interactions } from "./event.test-data.ts";

describe("close", () => {
  it("sends what is gathered and reports the whole life of the client", async () => {
    const { server, client, events } = await connect();
    await events.sendAll(interactions(2));
    events.send(interaction());
    expect(await client.close()).toEqual({
      sent: 3,
      delivered: 3,
      quarantined: 0,
      rejected: 0,
      undeliverable: 0,
      spooled: 0,
      remained: 0,
    });
    expect(server.written.size).toBe(3);
  });

  it("is idempotent", async () => {
    const { server, client, events } = await connect();
    events.send(interaction());
    const first = client.close();
    expect(client.close()).toBe(first);
    await first;
    expect(client.close()).toBe(first);
    expect(server.requests.length).toBe(1);
  });

  it("refuses events and queries afterwards", async () => {
    const { client, events } = await connect();
    await client.close();
    expect(() => events.send(interaction())).toThrow(ClientClosedError);
    await expect(events.sendAll([interaction()])).rejects.toThrow(ClientClosedError);
    await expect(client.trendingContent()).rejects.toThrow(ClientClosedError);
    expect(await events.flush()).toMatchObject({ sent: 0 });
  });

  it("reports events that the last flush could not deliver", async () => {
    const { client, events } = await connect({ script: [{ status: 403 }] });
    events.send(interaction());
    expect(await client.close()).toMatchObject({ delivered: 0, undeliverable: 1, remained: 0 });
  });

  it("gives up when the time is over, and hands back every event that remained", async () => {
    const { time, wake } = stoppedTime();
    const back: unknown[] = [];
    const { server, client, events } = await connect(
      { script: ["hang"] },
      {
        ...time,
        concurrency: 1,
        batch: { maxRows: 1 },
        onUndeliverable: (rows, error) => void back.push([rows[0]?.interaction_id, error.code]),
      },
    );
    for (const event of interactions(3)) events.send(event);
    await until(() => server.requests.length === 1);
    const closed = client.close({ timeout: 5_000 });
    wake(5_000);
    expect(await closed).toMatchObject({ undeliverable: 3, remained: 3 });
    expect(back).toEqual(interactions(3).map((event) => [event.interaction_id, "CLOSE_TIMEOUT"]));
    expect(client.stats()).toMatchObject({ pending: 0, pendingBytes: 0 });
  });

  it("does not wait for an injected fetch that never ends", async () => {
    const { client, events } = await connect(
      {},
      { ...skippingTime().time, fetch: () => new Promise(() => {}) },
    );
    events.send(interaction());
    expect(await client.close({ timeout: 1_000 })).toMatchObject({ undeliverable: 1, remained: 1 });
  });

  it("throws what a callback threw, after everything else was done", async () => {
    const { server, client, events } = await connect(
      { script: [{ status: 403 }] },
      {
        concurrency: 1,
        batch: { maxRows: 1 },
        onUndeliverable: () => Promise.reject(new Error("disk full")),
      },
    );
    for (const event of interactions(3)) events.send(event);
    await expect(client.close()).rejects.toThrow("disk full");
    expect(server.written.size).toBe(2);
  });

  it("lets a sendAll that is under way end with an error, and loses none of the events it took", async () => {
    const { server, client, events } = await connect();
    async function* source() {
      yield* interactions(2);
      void client.close();
      yield interaction();
    }
    await expect(events.sendAll(source())).rejects.toThrow(ClientClosedError);
    await client.close();
    expect([...server.written.keys()]).toEqual(["e0", "e1"]);
  });
});
