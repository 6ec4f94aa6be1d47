import { expect, it } from "vitest";
import type { InteractionsByPlatformRow } from "../rows.ts";
import { gridOf } from "./grid.ts";
import { totalOf } from "./total.ts";

const row = (platform: string, interaction_type: string, n: number, before: number | null) =>
  ({
    platform,
    interaction_type,
    total_interactions: n,
    previous_interactions: before,
  }) as InteractionsByPlatformRow;

it("platforms and types stand with the largest first, and totals count what is not drawn", () => {
  const rows = [
    row("a", "like", 3, 1),
    row("b", "like", 5, 2),
    row("b", "share", 1, 0),
    row("a", "post", 2, 4),
  ];
  expect(gridOf(rows, { platforms: 2, types: 2 })).toEqual({
    types: ["like", "post"],
    rows: [
      { platform: "b", counts: [5, 0], total: 6, before: 2 },
      { platform: "a", counts: [3, 2], total: 5, before: 5 },
    ],
    largest: 5,
  });
});

it("without earlier data nothing is compared", () => {
  expect(gridOf([row("a", "like", 3, null)], { platforms: 2, types: 2 }).rows[0]?.before).toBeNull();
});

it("figures without a total are zero, and not compared", () => {
  expect(totalOf([]).engagement_per_user).toEqual({ now: 0, before: null });
});
