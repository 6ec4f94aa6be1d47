import type { InteractionsByPlatformRow } from "../rows.ts";

export interface GridRow {
  readonly platform: string;
  /** In the order of the types. */
  readonly counts: readonly number[];
  readonly total: number;
  /** Null where there is no data that early. */
  readonly before: number | null;
}

export interface Grid {
  readonly types: readonly string[];
  readonly rows: readonly GridRow[];
  readonly largest: number;
}

/** Platforms by types, both the largest first, no more than there is room for; totals are of all types. */
export function gridOf(
  rows: readonly InteractionsByPlatformRow[],
  room: { readonly platforms: number; readonly types: number },
): Grid {
  const byPlatform = grouped(rows, ({ platform }) => platform);
  const byType = grouped(rows, ({ interaction_type }) => interaction_type);
  const types = largestFirst(byType).slice(0, room.types);
  const drawn = largestFirst(byPlatform)
    .slice(0, room.platforms)
    .map((platform) => gridRow(platform, byPlatform.get(platform) ?? [], types));
  const largest = Math.max(0, ...drawn.flatMap(({ counts }) => counts));
  return { types, rows: drawn, largest };
}

type Rows = readonly InteractionsByPlatformRow[];

function gridRow(platform: string, rows: Rows, types: readonly string[]): GridRow {
  const countOf = (type: string) =>
    rows.find(({ interaction_type }) => interaction_type === type)?.total_interactions ?? 0;
  const isCompared = rows.some(({ previous_interactions }) => previous_interactions !== null);
  const before = rows.reduce((sum, { previous_interactions }) => sum + (previous_interactions ?? 0), 0);
  return { platform, counts: types.map(countOf), total: totalOf(rows), before: isCompared ? before : null };
}

function totalOf(rows: Rows): number {
  return rows.reduce((sum, { total_interactions }) => sum + total_interactions, 0);
}

function largestFirst(groups: ReadonlyMap<string, Rows>): readonly string[] {
  return [...groups].toSorted(([, a], [, b]) => totalOf(b) - totalOf(a)).map(([name]) => name);
}

function grouped(rows: Rows, nameOf: (row: InteractionsByPlatformRow) => string): ReadonlyMap<string, Rows> {
  const groups = new Map<string, InteractionsByPlatformRow[]>();
  for (const row of rows) groups.set(nameOf(row), [...(groups.get(nameOf(row)) ?? []), row]);
  return groups;
}
