import { z } from "zod";
import { array, dateTime, dateTimeText, identity, int32, number, string } from "./column-types.ts";

/**
 * What the Tinybird project holds, as data: the data sources that take events and the endpoints. All types of the
 * package are inferred from here. The keys are the names of the client's properties and functions.
 */
export const dataSources = {
  socialInteractions: {
    name: "social_interactions",
    /** The column that identifies a row; events that lack it get a UUID v7. */
    identity: "interaction_id",
    row: z.strictObject({
      interaction_id: identity(),
      user_id: string(),
      interaction_type: string(),
      content_id: string(),
      platform: string(),
      timestamp: dateTime(),
      text_content: string(),
      engagement_count: int32(),
      tags: array(string()),
    }),
  },
} as const;

export const endpoints = {
  /** Content with the most engagement in the last hours. */
  trendingContent: {
    name: "trending_content",
    parameters: z.strictObject({
      hours_back: int32().optional(),
      min_interactions: int32().optional(),
      platform_filter: string().optional(),
      limit: int32().optional(),
      as_of: dateTime().optional(),
    }),
    row: z.object({
      content_id: string(),
      sample_text: string(),
      interaction_count: number(),
      total_engagement: number(),
      latest_interaction: dateTimeText(),
      common_tags: array(string()),
    }),
  },
  /** Interactions per platform and type between two dates, both ends included. */
  interactionsByPlatform: {
    name: "interactions_by_platform",
    parameters: z.strictObject({
      start_date: dateTime().optional(),
      end_date: dateTime().optional(),
      platform_filter: string().optional(),
      as_of: dateTime().optional(),
    }),
    row: z.object({
      platform: string(),
      interaction_type: string(),
      total_interactions: number(),
      avg_engagement: number(),
    }),
  },
  /** The most active users since a date. */
  userActivityAnalysis: {
    name: "user_activity_analysis",
    parameters: z.strictObject({
      since: dateTime().optional(),
      min_engagement: int32().optional(),
      limit: int32().optional(),
      as_of: dateTime().optional(),
    }),
    row: z.object({
      user_id: string(),
      total_interactions: number(),
      interaction_diversity: number(),
      total_engagement: number(),
      last_interaction: dateTimeText(),
    }),
  },
} as const;

/** An event as an application gives it: `interaction_id` optional, `timestamp` a `Date` or text. */
export type SocialInteraction = z.input<typeof dataSources.socialInteractions.row>;

/** An event as it is sent: `timestamp` is `YYYY-MM-DD HH:MM:SS` in UTC. Can be given to `send` again. */
export type SocialInteractionRow = z.output<typeof dataSources.socialInteractions.row>;
