import { type Client, createClient } from "@social-interactions/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTarget, type Target } from "./target.ts";

const AS_OF = "2025-05-12 00:00:00";

let target: Target;
let app: Client;
let dashboard: Client;

beforeAll(async () => {
  target = await startTarget({ fixtures: true });
  app = createClient({ host: target.url, token: await target.tokenNamed("tracker") });
  dashboard = createClient({ host: target.url, token: await target.tokenNamed("dashboard") });
});

afterAll(async () => {
  await Promise.all([app, dashboard].map((client) => client?.close()));
  await target?.close();
});

describe("through the SDK", () => {
  it("an event that was flushed is in the next answer", async () => {
    app.socialInteractions.send({
      user_id: "user_sdk",
      interaction_type: "like",
      content_id: "content_sdk",
      platform: "Twitter",
      timestamp: new Date(),
      text_content: "sent by the SDK",
      engagement_count: 7,
      tags: ["sdk"],
    });
    await app.socialInteractions.flush();
    const { data } = await dashboard.trendingContent({ hours_back: 1, min_interactions: 1 });
    expect(data).toMatchObject([
      {
        content_id: "content_sdk",
        total_engagement: 7,
        common_tags: ["sdk"],
        sample_text: "sent by the SDK",
      },
    ]);
  });

  it("trending_content answers typed rows", async () => {
    const { data } = await dashboard.trendingContent({ as_of: AS_OF, limit: 1 });
    expect(data).toMatchObject([
      { content_id: "content_launch", interaction_count: 12, total_engagement: 130 },
    ]);
  });

  it("interactions_by_platform answers typed rows", async () => {
    const { data } = await dashboard.interactionsByPlatform({ as_of: AS_OF, platform_filter: "TWITTER" });
    expect(new Set(data.map(({ platform }) => platform))).toEqual(new Set(["twitter"]));
  });

  it("user_activity_analysis answers typed rows", async () => {
    const { data } = await dashboard.userActivityAnalysis({ as_of: AS_OF, limit: 3 });
    expect(data.map(({ total_interactions }) => total_interactions)).toEqual(
      data.map(({ total_interactions }) => total_interactions).toSorted((a, b) => b - a),
    );
    expect(data).toHaveLength(3);
  });

  it("a token that may only append reads nothing", async () => {
    await expect(app.trendingContent()).rejects.toMatchObject({ status: 403 });
  });
});
