import * as zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import description from "../../package.json" with { type: "json" };
import { InvalidEventError } from "../errors.ts";
import { connect, TOKEN, until } from "../testing/client.test-setup.ts";
import type { Row } from "../testing/events-api.test-server.ts";
import { stoppedTime } from "../testing/time.test-clock.ts";
import { interaction, interactions } from "./event.test-data.ts";

/** Node has zstd since 22.15. */
const ZSTD = "zstdCompress" in zlib ? "zstd" : "gzip";

const rowsPerRequest = (requests: readonly { readonly rows: readonly Row[] }[]) =>
  requests.map(({ rows }) => rows.length);

describe("a request", () => {
  it("names the data source, asks for the write and carries the token in its header only", async () => {
    const { server, events } = await connect();
    events.send(interaction());
    await events.flush();
    const [request] = server.requests;
    expect(request?.method).toBe("POST");
    expect(`${request?.url.pathname}${request?.url.search}`).toBe(
      "/v0/events?name=social_interactions&wait=true",
    );
    expect(request?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(request?.headers["content-type"]).toBe("application/x-ndjson");
  });

  it("says which version of the package asks", async () => {
    const { server, events } = await connect();
    await events.sendAll(interactions(1));
    expect(server.requests[0]?.headers["user-agent"]).toBe(`social-interactions-sdk/${description.version}`);
  });

  it("does not ask for the write when told not to wait", async () => {
    const { server, events } = await connect({}, { wait: false });
    events.send(interaction());
    expect(await events.flush()).toMatchObject({ delivered: 1 });
    expect(server.requests[0]?.url.search).toBe("?name=social_interactions");
  });

  it.each([
    ["compressed from the threshold on", { minBytes: 300 }, ["gzip", undefined]],
    [
      "compressed with zstd where Node has it, else with gzip",
      { encoding: "zstd", minBytes: 300 },
      [ZSTD, undefined],
    ],
    ["never compressed when that is off", false, [undefined, undefined]],
  ] as const)("is %s", async (_, compression, encodings) => {
    const { server, events } = await connect({}, { compression });
    events.send(interaction({ text_content: "a".repeat(300) }));
    await events.flush();
    events.send(interaction({ text_content: "" }));
    await events.flush();
    expect(server.requests.map(({ headers }) => headers["content-encoding"])).toEqual(encodings);
    expect(server.written.size).toBe(2);
  });

  it("is sent again with gzip when the service does not read zstd, and those after it at once", async () => {
    const { server, events } = await connect(
      { encodings: ["gzip"] },
      { compression: { encoding: "zstd", minBytes: 0 } },
    );
    for (let time = 0; time < 2; time += 1) {
      expect(await events.sendAll([interaction()])).toMatchObject({ delivered: 1 });
    }
    const refused = ZSTD === "zstd" ? ["zstd"] : [];
    const encodings = server.requests.map(({ headers }) => headers["content-encoding"]);
    expect(encodings).toEqual([...refused, "gzip", "gzip"]);
  });

  it("goes below the path of the host", async () => {
    const { server, client } = await connect();
    const { createClient } = await import("../index.ts");
    const below = createClient({ host: `${server.host}/tinybird/`, token: TOKEN });
    await below.sql("SELECT 1").catch(() => undefined);
    await below.close();
    await client.close();
    expect(server.requests[0]?.url.pathname).toBe("/tinybird/v0/sql");
  });

  it("goes through an injected fetch", async () => {
    const urls: string[] = [];
    const { server, events } = await connect(
      {},
      {
        fetch: (url, init) => {
          urls.push(url);
          return fetch(url, init);
        },
      },
    );
    await events.sendAll(interactions(3));
    expect(urls).toEqual([`${server.host}/v0/events?name=social_interactions&wait=true`]);
    expect(server.written.size).toBe(3);
  });
});

describe("events are gathered", () => {
  it("up to the number of rows", async () => {
    const { server, events } = await connect({}, { batch: { maxRows: 2 } });
    for (const event of interactions(5)) events.send(event);
    await events.flush();
    expect(rowsPerRequest(server.requests).sort()).toEqual([1, 2, 2]);
  });

  it("up to the bytes of their encoding", async () => {
    const bytes = `${JSON.stringify(interactions(1)[0])}\n`.length;
    const { server, events } = await connect({}, { batch: { maxBytes: 3 * bytes } });
    for (const event of interactions(7)) events.send(event);
    await events.flush();
    expect(rowsPerRequest(server.requests).sort()).toEqual([1, 3, 3]);
    expect(server.requests.every(({ body }) => body.length <= 3 * bytes)).toBe(true);
  });

  it("until their time is over", async () => {
    const { time, wake } = stoppedTime();
    const { server, events } = await connect({}, { batch: { maxDelayMs: 123 }, ...time });
    for (const event of interactions(3)) events.send(event);
    expect(server.requests).toEqual([]);
    wake(123);
    await until(() => server.written.size === 3);
    expect(rowsPerRequest(server.requests)).toEqual([3]);
  });

  it("into as many requests at a time as the concurrency says", async () => {
    const { server, events } = await connect(
      {},
      { concurrency: 3, batch: { maxRows: 1 }, maxRequestsPerSecond: 1e6 },
    );
    await events.sendAll(interactions(30));
    expect(server.mostUnderWay()).toBeLessThanOrEqual(3);
    expect([...server.written.values()]).toEqual(Array(30).fill(1));
  });
});

describe("send", () => {
  it("returns before anything is sent", async () => {
    const { server, client, events } = await connect();
    expect(events.send(interaction())).toBe(true);
    expect(server.requests).toEqual([]);
    expect(client.stats()).toMatchObject({ accepted: 1, pending: 1, requests: 0 });
  });

  it("refuses an invalid event and queues nothing of it", async () => {
    const { client, events } = await connect();
    const event = { ...interaction(), engagement_count: "many" as unknown as number };
    expect(() => events.send(event)).toThrow(InvalidEventError);
    expect(client.stats()).toMatchObject({ accepted: 0, rejected: 1, pendingBytes: 0 });
  });

  it("makes an id of version 7 from the injected clock and random source", async () => {
    const { server, events } = await connect({}, { clock: () => 0x0123456789ab, random: () => 0 });
    events.send(interaction());
    await events.flush();
    expect([...server.written.keys()]).toEqual(["01234567-89ab-7000-8000-000000000000"]);
  });

  it("lets the service decide when validation is off", async () => {
    const { server, events } = await connect(
      { quarantines: ({ engagement_count }) => typeof engagement_count !== "number" },
      { validate: false },
    );
    events.send({ ...interaction(), engagement_count: "many" as unknown as number });
    expect(await events.flush()).toMatchObject({ delivered: 0, quarantined: 1 });
    expect(server.quarantined.size).toBe(1);
  });
});

describe("back-pressure", () => {
  const small = { queue: { maxBytes: 4_000, highWaterBytes: 1_000 } };

  it("asks to wait above the high-water mark and has room again once events are delivered", async () => {
    const { client, events } = await connect({}, small);
    const answers = interactions(5).map((event) => events.send(event));
    expect(answers).toContain(true);
    expect(answers.at(-1)).toBe(false);
    await events.ready();
    expect(client.stats().pendingBytes).toBeLessThan(1_000);
    expect(events.send(interaction())).toBe(true);
  });

  it("refuses an event at the bound, tells it, never throws, and goes on when there is room", async () => {
    const refused: unknown[] = [];
    const { server, client, events } = await connect(
      {},
      { ...small, onRejected: (event, error) => void refused.push([event, error.code]) },
    );
    const all = interactions(100);
    expect(all.map((event) => events.send(event)).at(-1)).toBe(false);
    const { accepted, rejected, pendingBytes } = client.stats();
    expect(pendingBytes).toBeLessThanOrEqual(4_000);
    expect(accepted + rejected).toBe(100);
    expect(refused).toEqual(all.slice(accepted).map((event) => [event, "QUEUE_FULL"]));
    await events.ready();
    events.send(interaction({ interaction_id: "later" }));
    expect(await events.flush()).toMatchObject({ sent: 101, delivered: accepted + 1, rejected });
    expect(server.written.size).toBe(accepted + 1);
  });

  it('takes every event under the policy "wait", as a Node stream does', async () => {
    const { server, client, events } = await connect({}, { queue: { ...small.queue, overflow: "wait" } });
    const answers = interactions(100).map((event) => events.send(event));
    expect(answers.at(-1)).toBe(false);
    expect(client.stats()).toMatchObject({ accepted: 100, rejected: 0 });
    expect(await events.flush()).toMatchObject({ delivered: 100 });
    expect(server.written.size).toBe(100);
  });

  it.each(["ready", "flush"] as const)(
    "%s ends when its signal is aborted, and the events are sent all the same",
    async (wait) => {
      const { server, events } = await connect({}, small);
      for (const event of interactions(5)) events.send(event);
      const reason = new Error("not needed any more");
      await expect(events[wait]({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      await events.flush();
      expect(server.written.size).toBe(5);
    },
  );

  it("keeps a long sendAll within the bound", async () => {
    const { server, client, events } = await connect({}, { ...small, maxRequestsPerSecond: 1e6 });
    const pending: number[] = [];
    function* source() {
      for (const event of interactions(500)) {
        pending.push(client.stats().pendingBytes);
        yield event;
      }
    }
    expect(await events.sendAll(source())).toMatchObject({ sent: 500, delivered: 500 });
    expect(Math.max(...pending)).toBeLessThanOrEqual(1_300);
    expect([...server.written.values()]).toEqual(Array(500).fill(1));
  });
});

describe("flush", () => {
  it("reports each event once", async () => {
    const { events } = await connect();
    events.send(interaction());
    expect(await events.flush()).toMatchObject({ sent: 1, delivered: 1 });
    expect(await events.flush()).toMatchObject({ sent: 0, delivered: 0 });
  });

  it("waits for the events of a flush that is still under way", async () => {
    const { server, events } = await connect();
    events.send(interaction());
    void events.flush();
    await events.flush();
    expect(server.written.size).toBe(1);
  });
});
