import type { SocialInteraction } from "@social-interactions/sdk";
import { generateInteractions } from "../../generate.ts";

/** Events of the generator, the same in each run. */
export function benchEvents(count: number): readonly SocialInteraction[] {
  return [
    ...generateInteractions({ events: count, seed: 7, hours: 72, asOf: new Date("2026-01-04T00:00:00Z") }),
  ];
}
