import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import type { Client } from "../client.ts";
import { InvalidParameterError, ServiceError } from "../errors.ts";
import { endpoints } from "../schema.generated.ts";
import { connect, TOKEN } from "../testing/client.test-setup.ts";
import type { Recorded } from "../testing/events-api.test-server.ts";
import { skippingTime } from "../testing/time.test-clock.ts";
import { sampleRow } from "./row.test-data.ts";

const trending = sampleRow(endpoints.trendingContent.row, {
  content_id: "content_1",
  interaction_count: 12,
  latest_interaction: "2026-01-01 10:00:00",
  common_tags: ["a"],
});
const statistics = { elapsed: 0.01, rows_read: 12, bytes_read: 120 };
const json = (data: readonly object[]) => ({
  status: 200,
  body: JSON.stringify({ meta: [{ name: "x", type: "String" }], data, rows: data.length, statistics }),
});
const serve = (...answers: { status: number; body: string }[]) => ({
  answer: (_: Recorded) => answers.shift() ?? json([]),
});

/** The order of parameters is that of the datafiles and says nothing. */
function sorted(url: URL): string {
  url.searchParams.sort();
  return url.pathname + url.search;
}

describe("an endpoint", () => {
  it("is called by name, with the token in the header, and answers typed rows", async () => {
    const { server, client } = await connect(serve(json([trending])));
    const result = await client.trendingContent({ hours_back: 48, platform_filter: "twitter" });
    expect(result).toEqual({ data: [trending], meta: [{ name: "x", type: "String" }], rows: 1, statistics });
    const [request] = server.requests;
    expect(sorted(request?.url ?? new URL("about:blank"))).toBe(
      "/v0/pipes/trending_content.json?hours_back=48&platform_filter=twitter",
    );
    expect(request?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it.each<[string, (client: Client) => Promise<unknown>, string]>([
    ["no parameters", (c) => c.trendingContent(), "/v0/pipes/trending_content.json"],
    [
      "an undefined parameter",
      (c) => c.trendingContent({ limit: undefined }),
      "/v0/pipes/trending_content.json",
    ],
    [
      "a Date",
      (c) => c.interactionsByPlatform({ start_date: new Date(0) }),
      "/v0/pipes/interactions_by_platform.json?start_date=1970-01-01+00%3A00%3A00",
    ],
    [
      "text that needs quoting",
      (c) => c.interactionsByPlatform({ platform_filter: "a&b=c d" }),
      "/v0/pipes/interactions_by_platform.json?platform_filter=a%26b%3Dc+d",
    ],
    [
      "an empty text, which is a value",
      (c) => c.trendingContent({ platform_filter: "" }),
      "/v0/pipes/trending_content.json?platform_filter=",
    ],
    [
      "several parameters",
      (c) =>
        c.userActivityAnalysis({
          since: "2026-01-01T00:00:00Z",
          min_engagement: 5,
          limit: 10,
          as_of: "2026-02-01 00:00:00",
        }),
      "/v0/pipes/user_activity_analysis.json?as_of=2026-02-01+00%3A00%3A00&limit=10&min_engagement=5&since=2026-01-01+00%3A00%3A00",
    ],
  ])("takes %s", async (_, ask, target) => {
    const { server, client } = await connect(serve());
    await ask(client);
    expect(server.requests.map(({ url }) => sorted(url))).toEqual([target]);
  });

  it.each<[string, object, string]>([
    ["a parameter it does not know", { hours: 3 }, "hours"],
    ["half a number", { limit: 1.5 }, "limit"],
    ["a date that does not exist", { as_of: "2026-02-30 00:00:00" }, "as_of"],
  ])("refuses %s before any request", async (_, parameters, field) => {
    const { server, client } = await connect();
    const error: unknown = await client.trendingContent(parameters).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidParameterError);
    expect(error).toMatchObject({ field });
    expect(server.requests).toEqual([]);
  });

  it("keeps columns that were added to it later", async () => {
    const row = { ...trending, rank: 1 };
    const { client } = await connect(serve(json([row])));
    expect((await client.trendingContent()).data).toEqual([row]);
  });

  it("names the column of an answer that does not fit", async () => {
    const { client } = await connect(serve(json([{ ...trending, interaction_count: "12" }])));
    await expect(client.trendingContent()).rejects.toMatchObject({
      code: "UNEXPECTED_ANSWER",
      message: expect.stringContaining("[0].interaction_count: expected a number"),
    });
  });

  it("is asked again after a passing fault", async () => {
    const { client } = await connect(serve({ status: 503, body: "" }, json([trending])), skippingTime().time);
    expect((await client.trendingContent()).rows).toBe(1);
  });

  it("throws a typed error with the service's sentence when it is refused", async () => {
    const { server, client } = await connect(serve({ status: 403, body: '{"error": "invalid token"}' }));
    const error: unknown = await client.trendingContent().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({
      code: "FORBIDDEN",
      status: 403,
      message: expect.stringContaining("invalid token"),
    });
    expect(server.requests.length).toBe(1);
  });

  it("stops asking after three attempts", async () => {
    const failures = Array.from({ length: 9 }, () => ({ status: 500, body: "" }));
    const { server, client } = await connect(serve(...failures), skippingTime().time);
    await expect(client.trendingContent()).rejects.toMatchObject({ code: "UNAVAILABLE", attempts: 3 });
    expect(server.requests.length).toBe(3);
  });

  it("ends when its signal is aborted", async () => {
    const { client } = await connect();
    const reason = new Error("not needed any more");
    await expect(client.trendingContent({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("has the types of the schema", () => {
    expectTypeOf<Client["trendingContent"]>().toBeCallableWith({
      hours_back: 48,
      min_interactions: 1,
      platform_filter: "twitter",
      limit: 10,
      as_of: new Date(0),
    });
    type Row = Awaited<ReturnType<Client["userActivityAnalysis"]>>["data"][number];
    expectTypeOf<Row>().toExtend<{
      user_id: string;
      total_interactions: number;
      interaction_diversity: number;
      total_engagement: number;
      last_interaction: string;
    }>();
  });
});

describe("sql", () => {
  it.each([
    ["plain SQL", "SELECT 1 AS n", "SELECT 1 AS n\nFORMAT JSON"],
    ["a final semicolon", "SELECT 1 AS n; ", "SELECT 1 AS n\nFORMAT JSON"],
    ["a final comment", "SELECT 1 -- one", "SELECT 1 -- one\nFORMAT JSON"],
  ])("asks for JSON: %s", async (_, sql, body) => {
    const { server, client } = await connect(serve(json([{ n: 1 }])));
    expect((await client.sql(sql)).data).toEqual([{ n: 1 }]);
    expect(server.requests[0]).toMatchObject({ method: "POST", body });
  });

  it("checks and types rows by a schema", async () => {
    const { client } = await connect(serve(json([{ n: 1 }]), json([{ n: "1" }])));
    const row = z.object({ n: z.number({ error: "a number" }) });
    const { data } = await client.sql("SELECT 1 AS n", { row });
    expectTypeOf(data).toEqualTypeOf<readonly { n: number }[]>();
    await expect(client.sql("SELECT '1' AS n", { row })).rejects.toMatchObject({ code: "UNEXPECTED_ANSWER" });
  });
});
