import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createClient } from "../index.ts";
import type { ClientOptions } from "../options.ts";
import { connect, TOKEN } from "../testing/client.test-setup.ts";
import { temporaryFolder } from "../testing/folder.test-setup.ts";
import { skippingTime } from "../testing/time.test-clock.ts";
import { interaction, interactions } from "./event.test-data.ts";

const segments = (dir: string) => readdirSync(dir).filter((name) => name.endsWith(".spool"));
const away = { host: "http://127.0.0.1:9", token: TOKEN };

/** Leaves events in a spool, as a client does whose service is away. */
async function leaveBehind(dir: string, count: number, options: Partial<ClientOptions> = {}) {
  const client = createClient({ ...away, spool: { dir }, ...options });
  for (const event of interactions(count)) client.socialInteractions.send(event);
  return client.close({ timeout: 0 });
}

describe("a client with a spool", () => {
  it.each([
    ["the operating system", false],
    ["the disk itself", true],
  ])(
    "has an event with %s when send returns, and its segment removed when it is delivered",
    async (_, fsync) => {
      const dir = temporaryFolder();
      const { events } = await connect({}, { spool: { dir, fsync } });
      events.send(interaction({ interaction_id: "e1" }));
      const [name = ""] = segments(dir);
      expect(readFileSync(join(dir, name), "utf8")).toContain('"interaction_id":"e1"');
      await events.flush();
      expect(segments(dir)).toEqual([]);
    },
  );

  it("writes an event with its batch when it need not be durable", async () => {
    const dir = temporaryFolder();
    const { events } = await connect({}, { spool: { dir, durable: false } });
    events.send(interaction());
    expect(segments(dir)).toEqual([]);
    expect(await events.flush()).toMatchObject({ delivered: 1 });
  });

  it("is the only owner of its folder until it is closed", async () => {
    const dir = temporaryFolder();
    const { client } = await connect({}, { spool: { dir } });
    expect(() => createClient({ ...away, spool: { dir } })).toThrow(
      expect.objectContaining({ code: "SPOOL_LOCKED" }),
    );
    await client.close();
    await createClient({ ...away, spool: { dir } }).close();
  });

  it("leaves what it cannot deliver in time to the next one, which sends it under the same ids and says so", async () => {
    const dir = temporaryFolder();
    expect(await leaveBehind(dir, 5)).toMatchObject({ sent: 5, spooled: 5, undeliverable: 0, remained: 5 });
    const reports: unknown[] = [];
    const { server, client } = await connect(
      {},
      { spool: { dir }, onReplay: (one) => void reports.push(one) },
    );
    await client.flush();
    expect([...server.written.keys()]).toEqual(["e0", "e1", "e2", "e3", "e4"]);
    expect(client.stats()).toMatchObject({
      accepted: 5,
      replayed: 5,
      delivered: 5,
      pending: 0,
      pendingBytes: 0,
    });
    expect(reports).toEqual([{ segments: 1, events: 5, tornBytes: 0, damaged: 0 }]);
    expect(segments(dir)).toEqual([]);
  });

  it("finds the torn end of a segment, and sends the whole events before it", async () => {
    const dir = temporaryFolder();
    await leaveBehind(dir, 3);
    appendFileSync(join(dir, segments(dir)[0] ?? ""), '0a1b2c3d {"interaction_id":"torn"');
    const reports: unknown[] = [];
    const { server, client } = await connect(
      {},
      { spool: { dir }, onReplay: (one) => void reports.push(one) },
    );
    await client.flush();
    expect([...server.written.keys()]).toEqual(["e0", "e1", "e2"]);
    expect(reports).toEqual([expect.objectContaining({ events: 3, tornBytes: 33, damaged: 0 })]);
  });

  it("keeps a copy of a segment that was changed, and sends the events whose checksum fits", async () => {
    const dir = temporaryFolder();
    await leaveBehind(dir, 3);
    const file = join(dir, segments(dir)[0] ?? "");
    writeFileSync(file, readFileSync(file, "utf8").replace('"e1"', '"x1"'));
    const reports: unknown[] = [];
    const { server, client } = await connect(
      {},
      { spool: { dir }, onReplay: (one) => void reports.push(one) },
    );
    await client.flush();
    expect([...server.written.keys()]).toEqual(["e0", "e2"]);
    expect(reports).toEqual([expect.objectContaining({ events: 2, damaged: 1 })]);
    expect(readdirSync(dir).filter((name) => name.endsWith(".damaged")).length).toBe(1);
  });

  it("hands a refused batch to the application, and only then forgets it", async () => {
    const dir = temporaryFolder();
    const onDisk: number[] = [];
    const { events } = await connect(
      { script: [{ status: 403 }] },
      { spool: { dir }, onUndeliverable: () => void onDisk.push(segments(dir).length) },
    );
    events.send(interaction());
    expect(await events.flush()).toMatchObject({ undeliverable: 1, spooled: 0 });
    expect(onDisk).toEqual([1]);
    expect(segments(dir)).toEqual([]);
  });

  it("keeps a refused batch on disk when nobody takes it back: the next client may have a better token", async () => {
    const dir = temporaryFolder();
    const { client, events } = await connect({ script: [{ status: 403 }] }, { spool: { dir } });
    events.send(interaction());
    expect(await events.flush()).toMatchObject({ undeliverable: 0, spooled: 1 });
    await client.close();
    const next = await connect({}, { spool: { dir } });
    await next.client.flush();
    expect(next.server.written.size).toBe(1);
  });

  it.each([[false], [true]])(
    "keeps only the part of a batch that has no outcome, fsync %s",
    async (fsync) => {
      const dir = temporaryFolder();
      const { server, client, events } = await connect(
        { script: [{ status: 413 }, "ok", { status: 400 }] },
        { spool: { dir, fsync }, concurrency: 1 },
      );
      for (const event of interactions(4)) events.send(event);
      expect(await events.flush()).toMatchObject({ delivered: 2, spooled: 2 });
      await client.close();
      const next = await connect({}, { spool: { dir } });
      await next.client.flush();
      expect([...server.written.keys(), ...next.server.written.keys()]).toEqual(["e0", "e1", "e2", "e3"]);
    },
  );

  it("keeps on disk what a callback failed to take", async () => {
    const dir = temporaryFolder();
    const { events } = await connect(
      { script: [{ status: 403 }] },
      { spool: { dir }, onUndeliverable: () => Promise.reject(new Error("disk full")) },
    );
    events.send(interaction());
    await expect(events.flush()).rejects.toThrow("disk full");
    expect(segments(dir).length).toBe(1);
  });

  it("refuses events beyond the bytes of the spool, and takes more than memory holds before", async () => {
    const dir = temporaryFolder();
    const { client, events } = await connect(
      { script: ["hang"] },
      { spool: { dir, maxBytes: 20_000 }, queue: { maxBytes: 1_000 }, concurrency: 1, batch: { maxRows: 5 } },
    );
    for (const event of interactions(200)) events.send(event);
    const { accepted, rejected, pendingBytes } = client.stats();
    expect(accepted + rejected).toBe(200);
    expect(pendingBytes).toBeGreaterThan(19_000);
    expect(pendingBytes).toBeLessThanOrEqual(20_000);
  });

  it("delivers batches that waited on disk as they were", async () => {
    const dir = temporaryFolder();
    const { server, client, events } = await connect(
      { script: [{ status: 503 }] },
      { ...skippingTime().time, spool: { dir }, concurrency: 1, batch: { maxRows: 2 } },
    );
    for (const event of interactions(9)) events.send(event);
    expect(await events.flush()).toMatchObject({ delivered: 9 });
    expect([...server.written]).toEqual(interactions(9).map((event) => [event.interaction_id, 1]));
    expect(client.stats()).toMatchObject({ pending: 0, pendingBytes: 0 });
    expect(segments(dir)).toEqual([]);
  });

  it("does not take an event that the disk refuses, and tells it", async () => {
    const dir = temporaryFolder();
    const told: unknown[] = [];
    const { client, events } = await connect(
      {},
      { spool: { dir }, onRejected: (_, error) => void told.push(error.code) },
    );
    rmSync(dir, { recursive: true });
    expect(events.send(interaction())).toBe(false);
    expect(told).toEqual(["SPOOL_FAILED"]);
    expect(client.stats()).toMatchObject({ accepted: 0, rejected: 1, pendingBytes: 0 });
    await events.flush();
    expect(client.stats().requests).toBe(0);
  });

  it("of a sendAll delivers from memory what the disk refuses, and throws that at the end", async () => {
    const dir = temporaryFolder();
    const { server, events } = await connect({}, { spool: { dir } });
    rmSync(dir, { recursive: true });
    await expect(events.sendAll(interactions(3))).rejects.toMatchObject({ code: "SPOOL_FAILED" });
    expect(server.written.size).toBe(3);
  });
});
