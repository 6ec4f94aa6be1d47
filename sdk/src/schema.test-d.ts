/**
 * What must not compile: a caller whose names or types differ from the datafiles. `npm run typecheck` reads this file; a
 * case that compiles makes its `@ts-expect-error` an error. Nothing here runs.
 */
import type { Client } from "./client.ts";
import type { SocialInteraction, TrendingContentRow } from "./schema.generated.ts";

declare const client: Client;
declare const event: SocialInteraction;

client.socialInteractions.send(event);
client.socialInteractions.send({ ...event, interaction_id: "e1", timestamp: new Date() });

// @ts-expect-error a column that the data source does not have
client.socialInteractions.send({ ...event, likes: 1 });
// @ts-expect-error a column of another type
client.socialInteractions.send({ ...event, engagement_count: "5" });
const { tags: _, ...withoutTags } = event;
// @ts-expect-error a column that is missing
client.socialInteractions.send(withoutTags);

void client.trendingContent({ hours_back: 24, as_of: new Date() });
// @ts-expect-error a parameter that the endpoint does not have
void client.trendingContent({ hours: 24 });
// @ts-expect-error a parameter of another type
void client.trendingContent({ hours_back: "24" });
// @ts-expect-error an endpoint that does not exist
void client.trendingPosts();

export const engagementOf = (row: TrendingContentRow): number => row.total_engagement;
// @ts-expect-error a result column that does not exist
export const likesOf = (row: TrendingContentRow): number => row.likes;
// @ts-expect-error a result column of another type
export const latestOf = (row: TrendingContentRow): Date => row.latest_interaction;
