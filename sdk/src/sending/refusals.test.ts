import { describe, expect, it } from "vitest";
import { connect, TOKEN } from "../testing/client.test-setup.ts";
import type { Step } from "../testing/events-api.test-server.ts";
import { handedBack } from "../testing/handed-back.test-setup.ts";
import { skippingTime } from "../testing/time.test-clock.ts";
import { interaction, interactions } from "./event.test-data.ts";

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
      { script: [{ status: 403 }] },
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
      { script: [{ status: 403 }] },
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
