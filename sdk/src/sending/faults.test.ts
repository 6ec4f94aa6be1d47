import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createClient } from "../index.ts";
import type { ClientOptions } from "../options.ts";
import { connect, TOKEN } from "../testing/client.test-setup.ts";
import { type Step, startEventsApi } from "../testing/events-api.test-server.ts";
import { temporaryFolder } from "../testing/folder.test-setup.ts";
import { handedBack } from "../testing/handed-back.test-setup.ts";
import { START, skippingTime } from "../testing/time.test-clock.ts";
import { interaction, interactions } from "./event.test-data.ts";

const status = (code: number, headers: Record<string, string> = {}): Step => ({ status: code, headers });

describe("a passing fault loses nothing", () => {
  it.each<[string, Step, number]>([
    ["408", status(408), 1],
    ["409", status(409), 1],
    ["429", status(429), 1],
    ["500", status(500), 1],
    ["502", { status: 502, body: "<html>Bad gateway</html>" }, 1],
    ["503", status(503), 1],
    ["504", status(504), 1],
    ["a connection dropped before the write", "drop", 1],
    ["an answer lost after the write, sent again under the same id", "write, then drop", 2],
    ["a page of something else with status 200", { status: 200, body: "<html>Log in</html>" }, 1],
  ])("%s", async (_, step, times) => {
    const { server, client, events } = await connect({ script: [step] }, skippingTime().time);
    events.send(interaction({ interaction_id: "e1" }));
    expect(await events.flush()).toMatchObject({ sent: 1, delivered: 1 });
    expect([...server.written]).toEqual([["e1", times]]);
    expect(client.stats()).toMatchObject({ requests: 2, retries: 1, pending: 0 });
  });

  it("an answer that does not come in time", async () => {
    const { server, events } = await connect({ script: ["hang"] }, { ...skippingTime().time, timeoutMs: 20 });
    events.send(interaction({ interaction_id: "e1" }));
    expect(await events.flush()).toMatchObject({ delivered: 1 });
    // A busy machine may be late for the second attempt too.
    expect(server.requests.length).toBeGreaterThanOrEqual(2);
    expect([...server.written.keys()]).toEqual(["e1"]);
  });

  it("a server that is not there yet", async () => {
    const gone = await startEventsApi();
    await gone.close();
    const { onUndeliverable, errors } = handedBack();
    const client = createClient({
      host: gone.host,
      token: TOKEN,
      onUndeliverable,
      retry: { maxAttempts: 3 },
      ...skippingTime().time,
    });
    client.socialInteractions.send(interaction());
    expect(await client.socialInteractions.flush()).toMatchObject({ undeliverable: 1 });
    await client.close();
    expect(client.stats()).toMatchObject({ requests: 3, retries: 2 });
    expect(errors).toEqual([expect.objectContaining({ code: "UNREACHABLE" })]);
  });
});

describe("a wait that the service asks for", () => {
  it.each([
    ["Retry-After in seconds", { "retry-after": "7" }, 7_000],
    ["Retry-After as a date", { "retry-after": new Date(START + 9_000).toUTCString() }, 9_000],
    ["X-RateLimit-Reset", { "x-ratelimit-reset": "4" }, 4_000],
  ])("is kept: %s", async (_, headers, ms) => {
    const { time } = skippingTime();
    const { server, client, events } = await connect(
      { script: [status(429, headers)], clock: time.clock },
      time,
    );
    events.send(interaction());
    await events.flush();
    const [first, second] = server.requests.map(({ at }) => at - START);
    expect(first).toBeLessThan(1_000);
    expect(second).toBeGreaterThanOrEqual(ms);
    expect(second).toBeLessThan(ms + 1_000);
    expect(client.stats().rateLimited).toBe(1);
  });

  it("is kept before the limit is passed, when an answer says that it is used up", async () => {
    const { time } = skippingTime();
    const used = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "5" };
    const counts = '{"successful_rows":1,"quarantined_rows":0}';
    const { server, events } = await connect(
      { script: [{ status: 200, headers: used, body: counts }], clock: time.clock },
      { ...time, concurrency: 1, batch: { maxRows: 1 } },
    );
    await events.sendAll(interactions(2));
    const [first = 0, second = 0] = server.requests.map(({ at }) => at);
    expect(second - first).toBeGreaterThanOrEqual(5_000);
  });

  it("holds for all batches of the client", async () => {
    const { time } = skippingTime();
    const { server, events } = await connect(
      { script: [status(429, { "retry-after": "60" })], clock: time.clock },
      { ...time, concurrency: 1, batch: { maxRows: 1 } },
    );
    await events.sendAll(interactions(3));
    const [first, ...others] = server.requests.map(({ at }) => at);
    expect(Math.min(...others) - (first ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect(server.written.size).toBe(3);
  });
});

describe("a fault on every tenth request", () => {
  const BATCH_BYTES = 20 * 250;
  /** The step of a request, by its number; the third request is always hit. */
  const onEveryTenth = (step: Step): Step[] =>
    Array.from({ length: 400 }, (_, index) => (index % 10 === 2 ? step : "ok"));

  it.each<[string, Step[], number | undefined, "no" | "some" | "perhaps"]>([
    ["429 with Retry-After", onEveryTenth(status(429, { "retry-after": "1" })), undefined, "no"],
    ["500", onEveryTenth(status(500)), undefined, "no"],
    ["503", onEveryTenth(status(503)), undefined, "no"],
    ["a connection dropped before the body was taken", onEveryTenth("drop"), undefined, "no"],
    ["a connection dropped after the write", onEveryTenth("write, then drop"), undefined, "some"],
    // A deadline in real time can also end an attempt that a busy machine was about to answer.
    ["a stall", onEveryTenth("hang"), undefined, "perhaps"],
    ["413 above a fifth of the batch", [], BATCH_BYTES / 5, "no"],
  ])(
    "%s: nothing is lost, nothing silent, no copy but of a lost answer",
    async (name, script, maxBytes, copies) => {
      const count = 2_000;
      const { server, client, events } = await connect(
        { script, ...(maxBytes === undefined ? {} : { maxBytes }) },
        // A stall costs real time; elsewhere a short deadline would end requests of a busy machine.
        {
          ...skippingTime().time,
          ...(name === "a stall" && { timeoutMs: 200 }),
          batch: { maxBytes: BATCH_BYTES },
        },
      );
      const summary = await events.sendAll(interactions(count));
      expect(summary).toMatchObject({ sent: count, delivered: count });
      expect(server.written.size).toBe(count);
      const doubled = [...server.written.values()].filter((times) => times > 1).length;
      if (copies !== "perhaps") expect(doubled > 0).toBe(copies === "some");
      expect(client.stats().retries > 0 || maxBytes !== undefined).toBe(true);
    },
  );
});

describe("an outage of an hour", () => {
  const HOUR_MS = 3_600_000;

  /** Sends so many events while nothing answers for the first hour; `pending` are the bytes held at each attempt. */
  async function survive(count: number, options: Partial<ClientOptions>) {
    const { time } = skippingTime();
    const end = time.clock() + HOUR_MS;
    const pending: number[] = [];
    const { server, client, events } = await connect(
      {},
      {
        ...time,
        ...options,
        fetch: (url, init) => {
          pending.push(client.stats().pendingBytes);
          return time.clock() < end ? Promise.reject(new Error("connection refused")) : fetch(url, init);
        },
      },
    );
    const summary = await events.sendAll(interactions(count));
    expect([...server.written.values()]).toEqual(Array(count).fill(1));
    return { summary, pending };
  }

  it("loses nothing when the retry budget allows for it, and memory stays within its bound", async () => {
    const { summary, pending } = await survive(500, {
      retry: { maxElapsedMs: 2 * HOUR_MS, maxAttempts: 100_000 },
      queue: { maxBytes: 25_000 },
      batch: { maxBytes: 10_000 },
    });
    expect(summary).toMatchObject({ delivered: 500 });
    expect(Math.max(...pending)).toBeLessThanOrEqual(25_000);
  });

  it("is outlasted with a spool, by the same client and without a budget", async () => {
    const { summary } = await survive(50, { spool: { dir: temporaryFolder() }, batch: { maxRows: 10 } });
    expect(summary).toMatchObject({ delivered: 50, spooled: 0 });
  });
});

describe("under any run of faults", () => {
  const step = fc.constantFrom<Step>(
    "ok",
    "drop",
    "write, then drop",
    status(429, { "retry-after": "1" }),
    status(500),
    status(503),
    status(403),
    status(413),
    status(422),
    { status: 200, body: "not counts" },
  );

  it("the counts add up, nothing is lost, and only a lost answer doubles an event", async () => {
    const run = async (script: Step[], count: number, maxRows: number, maxAttempts: number) => {
      const server = await startEventsApi({ script, quarantines: ({ platform }) => platform === "tv" });
      const { events: back, onUndeliverable } = handedBack();
      const client = createClient({
        host: server.host,
        token: TOKEN,
        batch: { maxRows },
        retry: { maxAttempts },
        queue: { maxBytes: 4_000 },
        onUndeliverable,
        ...skippingTime().time,
      });
      const sent = interactions(count).map((event, index) =>
        index % 7 === 3 ? { ...event, platform: "tv" } : event,
      );
      const summary = await client.socialInteractions.sendAll(sent);
      const stats = client.stats();
      await client.close();
      await server.close();
      return { server, back, summary, stats };
    };
    const size = fc.integer({ min: 1, max: 40 });
    const rows = fc.integer({ min: 1, max: 12 });
    const attempts = fc.integer({ min: 1, max: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), size, rows, attempts, async (...input) => {
        const [script, count] = input;
        const { server, back, summary, stats } = await run(...input);
        const { delivered, quarantined, undeliverable } = summary;
        expect(summary).toMatchObject({ sent: count, rejected: 0 });
        expect(delivered + quarantined + undeliverable).toBe(count);
        expect(stats).toMatchObject({ accepted: count, delivered, quarantined, undeliverable });
        expect(stats).toMatchObject({ pending: 0, pendingBytes: 0 });
        const ids = new Set(back.map(({ interaction_id }) => interaction_id));
        expect(ids.size).toBe(undeliverable);
        const kept = new Set([...server.written.keys(), ...server.quarantined.keys()]);
        const known = interactions(count).filter(
          ({ interaction_id: id }) => kept.has(id ?? "") || ids.has(id),
        );
        expect(known.length).toBe(count);
        const doubled = [...server.written.values()].filter((times) => times > 1);
        if (!script.includes("write, then drop")) {
          expect(doubled).toEqual([]);
          expect([...kept].filter((id) => ids.has(id))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
