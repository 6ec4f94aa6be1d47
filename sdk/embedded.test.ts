import { join } from "node:path";
import {
  type Client,
  type ClientOptions,
  createClient,
  type QuarantineReport,
} from "@social-interactions/sdk";
import { type LocalServer, startLocal } from "tb-embedded";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { interaction, interactions } from "./src/sending/event.test-data.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startLocal({ port: 0, project: join(import.meta.dirname, "..") });
});
afterAll(() => server?.close());

function connect(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ host: server.url, token: server.tokens.workspace_admin_token, ...options });
  onTestFinished(async () => void (await client.close()));
  return client;
}

describe("on the embedded server", () => {
  it("a row that does not fit is told with the service's reason", async () => {
    const reports: QuarantineReport[] = [];
    const client = connect({ validate: false, onQuarantined: (report) => void reports.push(report) });
    const bad = interaction({ engagement_count: "many" as unknown as number });
    expect(await client.socialInteractions.sendAll([interaction(), bad])).toMatchObject({
      delivered: 1,
      quarantined: 1,
    });
    expect(reports).toMatchObject([
      { count: 1, rows: 2, reasons: [{ column: "engagement_count", rows: 1 }] },
    ]);
    expect(reports[0]?.reasons?.[0]?.reason).toContain("many");
  });

  it.each(["gzip", "zstd"] as const)(
    "a body compressed with %s, or with gzip where zstd is not known, arrives",
    async (encoding) => {
      const client = connect({ compression: { encoding, minBytes: 0 } });
      expect(await client.socialInteractions.sendAll(interactions(100))).toMatchObject({ delivered: 100 });
    },
  );

  it("a batch that is sent twice changes no answer", async () => {
    const client = connect();
    const events = interactions(20, { content_id: "twice", timestamp: new Date() });
    await client.socialInteractions.sendAll(events);
    // A fixed clock: scores that decay would differ from one second to the next.
    const ask = { hours_back: 1, min_interactions: 1, limit: 1_000, as_of: new Date() };
    const before = (await client.trendingContent(ask)).data.find((row) => row.content_id === "twice");
    await client.socialInteractions.sendAll(events);
    const after = (await client.trendingContent(ask)).data.find((row) => row.content_id === "twice");
    expect(before).toMatchObject({ interaction_count: 20 });
    expect(after).toEqual(before);
  });

  it("an answer comes as JSON, row by row, as CSV, NDJSON and Parquet, all of the same rows", async () => {
    const client = connect();
    await client.socialInteractions.sendAll(interactions(5, { timestamp: new Date() }));
    const ask = { start_date: new Date(Date.now() - 86_400_000) };
    const { data } = await client.interactionsByPlatform(ask);
    const rows: unknown[] = [];
    for await (const row of client.interactionsByPlatform.rows(ask)) rows.push(row);
    const [csv, ndjson, parquet] = await Promise.all(
      (["csv", "ndjson", "parquet"] as const).map(async (format) =>
        Buffer.from(await new Response(await client.interactionsByPlatform[format](ask)).arrayBuffer()),
      ),
    );
    expect(data.length).toBeGreaterThan(0);
    expect(rows).toEqual(data);
    expect(csv?.toString().trim().split("\n").length).toBe(data.length + 1);
    expect(ndjson?.toString().trim().split("\n").length).toBe(data.length);
    expect(parquet?.subarray(0, 4).toString()).toBe("PAR1");
  });

  it("a refusal names its parameter", async () => {
    const client = connect();
    await expect(client.trendingContent({ hours_back: 100_000 })).rejects.toMatchObject({
      code: "BAD_REQUEST",
      status: 400,
      parameter: "hours_back",
    });
    const wrong = { limit: "many" as unknown as number };
    await expect(client.trendingContent(wrong, { validate: false })).rejects.toMatchObject({
      parameter: "limit",
    });
  });
});
