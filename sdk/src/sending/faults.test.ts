import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SdkError } from "../errors.ts";
import { createClient } from "../index.ts";
import type { ClientOptions } from "../options.ts";
import type { SocialInteractionRow } from "../schema.generated.ts";
import { connect, TOKEN } from "../testing/client.test-setup.ts";
import { type Step, startEventsApi } from "../testing/events-api.test-server.ts";
import { temporaryFolder } from "../testing/folder.test-setup.ts";
import { START, skippingTime } from "../testing/time.test-clock.ts";
import { interaction, interactions } from "./event.test-data.ts";

const status = (code: number, headers: Record<string, string> = {}): Step => ({ status: code, headers });

/** Collects what is handed back. */
function handedBack() {
  const events: SocialInteractionRow[] = [];
  const errors: SdkError[] = [];
  const onUndeliverable = (rows: readonly SocialInteractionRow[], error: SdkError) => {
    events.push(...rows);
    errors.push(error);
  };
  return { events, errors, onUndeliverable };
}

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

describe("a body that is too large", () => {
  it("is cut in halves until it passes, and nothing is doubled", async () => {
    const { server, client, events } = await connect({ maxBytes: 1_000 }, skippingTime().time);
    expect(await events.sendAll(interactions(50))).toMatchObject({ sent: 50, delivered: 50 });
    expect([...server.written.values()]).toEqual(Array(50).fill(1));
    expect(client.stats()).toMatchObject({ batches: 1, pending: 0, pendingBytes: 0 });
  });

  it("makes later batches smaller from the start", async () => {
    const { server, events } = await connect({ maxBytes: 1_000 }, skippingTime().time);
    await events.sendAll(interactions(50));
    const before = server.requests.length;
    await events.sendAll(interactions(50));
    const refused = server.requests.slice(before).filter(({ body }) => body.length > 1_000);
    expect(refused).toEqual([]);
  });

  it("gives back the one event that is too large alone", async () => {
    const { onUndeliverable, events: back, errors } = handedBack();
    const { server, events } = await connect(
      { maxBytes: 1_000 },
      { ...skippingTime().time, onUndeliverable },
    );
    const large = interaction({ interaction_id: "large", text_content: "x".repeat(2_000) });
    expect(await events.sendAll([...interactions(3), large, interaction()])).toMatchObject({
      delivered: 4,
      undeliverable: 1,
    });
    expect(back).toEqual([large]);
    expect(errors).toEqual([expect.objectContaining({ code: "TOO_LARGE", status: 413 })]);
    expect(server.written.has("large")).toBe(false);
  });
});

describe("a refusal", () => {
  it.each([
    [400, "BAD_REQUEST"],
    [401, "UNEXPECTED_STATUS"],
    [403, "FORBIDDEN"],
    [404, "NOT_FOUND"],
    [422, "PARTLY_WRITTEN"],
    [302, "UNEXPECTED_STATUS"],
    [501, "UNAVAILABLE"],
  ])("%s is not retried; the events come back with a typed error", async (code, name) => {
    const { onUndeliverable, events: back, errors } = handedBack();
    const step: Step = { status: code, body: `{"error": "no, said to ${TOKEN}"}` };
    const { server, events } = await connect({ script: [step] }, { ...skippingTime().time, onUndeliverable });
    const [event] = interactions(1);
    const summary = await events.sendAll(interactions(1));
    expect(summary).toEqual({
      sent: 1,
      delivered: 0,
      quarantined: 0,
      rejected: 0,
      undeliverable: 1,
      spooled: 0,
    });
    expect(server.requests.length).toBe(1);
    expect(back).toEqual([event]);
    expect(errors).toEqual([expect.objectContaining({ code: name, status: code })]);
    expect(errors[0]?.message).toContain("no, said to [token]");
  });

  it("keeps the token out of everything that is printed", async () => {
    const { onUndeliverable, errors } = handedBack();
    const { inspect } = await import("node:util");
    const { client, events } = await connect(
      {},
      {
        ...skippingTime().time,
        onUndeliverable,
        retry: { maxAttempts: 1 },
        fetch: () => Promise.reject(new Error(`cannot connect with Bearer ${TOKEN}`)),
      },
    );
    await events.sendAll(interactions(1));
    expect(errors[0]?.message).toContain("cannot connect");
    expect(inspect({ errors: errors.map(({ message }) => message), client }, { depth: 9 })).not.toContain(
      TOKEN,
    );
  });

  it("lets the batches after it go on", async () => {
    const { events } = await connect(
      { script: [status(403)] },
      { ...skippingTime().time, batch: { maxRows: 2 } },
    );
    expect(await events.sendAll(interactions(6))).toMatchObject({ delivered: 4, undeliverable: 2 });
  });
});

describe("the counts of an answer", () => {
  it("report quarantined rows", async () => {
    const reports: unknown[] = [];
    const { client, events } = await connect(
      { quarantines: ({ platform }) => platform === "tv" },
      { onQuarantined: (report) => void reports.push(report) },
    );
    const summary = await events.sendAll([...interactions(3), interaction({ platform: "tv" })]);
    expect(summary).toMatchObject({ delivered: 3, quarantined: 1 });
    expect(reports).toEqual([
      { dataSource: "social_interactions", count: 1, rows: 4, quarantine: "social_interactions_quarantine" },
    ]);
    expect(client.stats()).toMatchObject({ accepted: 4, delivered: 3, quarantined: 1, pending: 0 });
  });

  it("report the reasons where the token may read them, and ask no more where it may not", async () => {
    const data = [{ column: "timestamp", reason: "value 'x' is not DateTime", rows: 1 }];
    const answer = JSON.stringify({
      data,
      meta: [],
      rows: 1,
      statistics: { elapsed: 0, rows_read: 0, bytes_read: 0 },
    });
    const answers = [
      { status: 200, body: answer },
      { status: 403, body: "" },
    ];
    const reports: unknown[] = [];
    const { server, events } = await connect(
      { quarantines: () => true, answer: () => answers.shift() ?? { status: 500, body: "" } },
      { onQuarantined: ({ reasons }) => void reports.push(reasons) },
    );
    for (let time = 0; time < 3; time += 1) await events.sendAll([interaction()]);
    expect(reports).toEqual([data, undefined, undefined]);
    const queries = server.requests.filter(({ url }) => url.pathname === "/v0/sql");
    expect(queries.length).toBe(2);
    expect(queries[0]?.body).toContain("FROM social_interactions_quarantine");
  });

  it.each<[string, Step, object]>([
    ["without a body all rows count as taken", { status: 202 }, { delivered: 2 }],
    [
      "of 202 are a first look",
      { status: 202, body: '{"successful_rows":0,"quarantined_rows":0}' },
      { delivered: 2 },
    ],
    [
      "of 200 that miss a row give the batch back",
      { status: 200, body: '{"successful_rows":1,"quarantined_rows":0}' },
      { undeliverable: 2 },
    ],
    [
      "of 200 may count more than were sent, from views",
      { status: 200, body: '{"successful_rows":9,"quarantined_rows":0}' },
      { delivered: 2 },
    ],
  ])("%s", async (_, step, counts) => {
    const { events } = await connect({ script: [step] });
    expect(await events.sendAll(interactions(2))).toMatchObject(counts);
  });
});

describe("a callback that throws", () => {
  it("is told by the next flush and stops nothing", async () => {
    const { client, events } = await connect(
      { script: [status(403)] },
      {
        onUndeliverable: () => {
          throw new Error("disk full");
        },
      },
    );
    events.send(interaction());
    await expect(events.flush()).rejects.toMatchObject({ code: "CALLBACK_FAILED" });
    expect(await events.sendAll(interactions(2))).toMatchObject({ delivered: 2 });
    expect(client.stats()).toMatchObject({ undeliverable: 1, delivered: 2, pending: 0 });
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
