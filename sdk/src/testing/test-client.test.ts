import { describe, expect, it } from "vitest";
import { sampleRow } from "../reading/row.test-data.ts";
import { endpoints, type TrendingContentRow } from "../schema.generated.ts";
import { interaction } from "../sending/event.test-data.ts";
import { createTestClient } from "./test-client.ts";
import { skippingTime } from "./time.test-clock.ts";

const row = (content_id: string) =>
  sampleRow(endpoints.trendingContent.row, { content_id }) as TrendingContentRow;

describe("the test client", () => {
  it("records the events as they travel", async () => {
    const { client, events } = createTestClient();
    client.socialInteractions.send(interaction({ interaction_id: "e1", timestamp: new Date(0) }));
    await client.flush();
    expect(events.socialInteractions).toEqual([
      interaction({ interaction_id: "e1", timestamp: "1970-01-01 00:00:00" }),
    ]);
    expect(await client.close()).toMatchObject({ delivered: 1 });
  });

  it("answers endpoints with the rows given, of the parameters asked", async () => {
    const { client, requests } = createTestClient({
      answers: { trendingContent: ({ platform_filter = "all" }) => [row(platform_filter)] },
    });
    expect((await client.trendingContent({ platform_filter: "twitter" })).data).toEqual([row("twitter")]);
    expect((await client.userActivityAnalysis()).data).toEqual([]);
    for await (const one of client.trendingContent.rows()) expect(one).toEqual(row("all"));
    expect(requests.map(({ path }) => path)).toEqual([
      "/v0/pipes/trending_content.json?platform_filter=twitter",
      "/v0/pipes/user_activity_analysis.json",
      "/v0/pipes/trending_content.ndjson",
    ]);
  });

  it("answers SQL", async () => {
    const { client } = createTestClient({ sql: (query) => [{ query }] });
    expect((await client.sql("SELECT 1")).data).toEqual([{ query: "SELECT 1" }]);
  });

  it.each([
    ["csv", '"content_id","n"\n"say ""hi"", twice",5\n'],
    ["ndjson", '{"content_id":"say \\"hi\\", twice","n":5}\n'],
  ] as const)("writes %s as the service does", async (format, text) => {
    const rows = [{ content_id: 'say "hi", twice', n: 5 }] as unknown as TrendingContentRow[];
    const { client } = createTestClient({ answers: { trendingContent: rows }, sql: () => rows });
    expect(await new Response(await client.trendingContent[format]()).text()).toBe(text);
    const name = format === "csv" ? "CSVWithNames" : "JSONEachRow";
    expect(await new Response(await client.sql.stream("SELECT 1", name)).text()).toBe(text);
  });

  it("says so when it cannot write a format", async () => {
    await expect(createTestClient().client.trendingContent.parquet()).rejects.toThrow("format parquet");
  });

  it("refuses what it is told to", async () => {
    const codes: string[] = [];
    const { client, events } = createTestClient({
      ...skippingTime().time,
      refuse: ({ path }) => (path.startsWith("/v0/events") ? { status: 403, error: "no" } : undefined),
      onUndeliverable: (_, error) => void codes.push(error.code),
    });
    client.socialInteractions.send(interaction());
    await client.flush();
    expect(codes).toEqual(["FORBIDDEN"]);
    expect(events.socialInteractions).toEqual([]);
  });
});
