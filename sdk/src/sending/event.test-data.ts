import type { SocialInteraction } from "../schema.generated.ts";

/** An event that fits, with what a test cares about on top. */
export const interaction = (changes: Partial<SocialInteraction> = {}): SocialInteraction => ({
  user_id: "user_1",
  interaction_type: "like",
  content_id: "content_1",
  platform: "twitter",
  timestamp: "2026-01-01 10:00:00",
  text_content: "Nice",
  engagement_count: 5,
  tags: ["a", "b"],
  ...changes,
});

/** Events with the ids `e0`, `e1`, … */
export const interactions = (count: number, changes: Partial<SocialInteraction> = {}): SocialInteraction[] =>
  Array.from({ length: count }, (_, index) => interaction({ interaction_id: `e${index}`, ...changes }));
