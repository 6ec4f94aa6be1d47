import type { Row } from "../generate.ts";

/** Values of a call by parameter name. */
export type Params = Readonly<Record<string, string | number>>;

/** The rows that count: one an id, the largest engagement first, then the earliest; platform in lower case. */
export function counted(sent: readonly Row[]): Row[] {
  const best = new Map<string, Row>();
  for (const row of sent) {
    const other = best.get(row.interaction_id);
    if (other === undefined || beats(row, other)) best.set(row.interaction_id, row);
  }
  return [...best.values()].map((row) => ({ ...row, platform: row.platform.toLowerCase() }));
}

function beats(a: Row, b: Row): boolean {
  if (a.engagement_count !== b.engagement_count) return a.engagement_count > b.engagement_count;
  return a.timestamp < b.timestamp;
}

/** After the shared filters. */
export function filtered(rows: readonly Row[], params: Params): Row[] {
  const lists = [
    ["platform", (row: Row) => [row.platform.toLowerCase()], true],
    ["interaction_type", (row: Row) => [row.interaction_type.toLowerCase()], true],
    ["tag", (row: Row) => row.tags.map((tag) => tag.toLowerCase()), true],
    ["user_id", (row: Row) => [row.user_id], false],
    ["content_id", (row: Row) => [row.content_id], false],
  ] as const;
  return rows.filter(
    (row) =>
      lists.every(([name, values, anyCase]) => {
        const wanted = listOf(params[name], anyCase);
        const unwanted = listOf(params[`exclude_${name}`], anyCase);
        const own = values(row);
        return (
          (wanted === null || own.some((value) => wanted.includes(value))) &&
          !(unwanted !== null && own.some((value) => unwanted.includes(value)))
        );
      }) &&
      !(params.exclude_bots === 1 && isBot(row)) &&
      ["", "all", row.platform].includes(String(params.platform_filter ?? "all").toLowerCase()),
  );
}

function listOf(value: string | number | undefined, anyCase: boolean): string[] | null {
  if (value === undefined || value === "") return null;
  const text = anyCase ? String(value).toLowerCase() : String(value);
  return text.split(",").map((each) => each.trim());
}

export function isBot({ user_id }: Row): boolean {
  const id = user_id.toLowerCase();
  return id.startsWith("bot_") || id.endsWith("_bot") || id.endsWith("[bot]");
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function engagementOf(rows: readonly Row[]): number {
  return sum(rows.map((row) => row.engagement_count));
}

export function usersOf(rows: readonly Row[]): number {
  return new Set(rows.map((row) => row.user_id)).size;
}

export function groups<Key, Item>(items: readonly Item[], key: (item: Item) => Key): Map<Key, Item[]> {
  const found = new Map<Key, Item[]>();
  for (const item of items) {
    const group = found.get(key(item));
    if (group === undefined) found.set(key(item), [item]);
    else group.push(item);
  }
  return found;
}

export function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** Byte order, as ClickHouse compares strings. */
export function byName(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The names of a list by how often they occur, ties by name. */
export function byFrequency(names: readonly string[]): string[] {
  const counts = [...groups(names, (name) => name)].map(([name, all]) => ({ name, n: all.length }));
  return counts.toSorted((a, b) => b.n - a.n || byName(a.name, b.name)).map(({ name }) => name);
}

/** The distinct tags of a row in lower case. */
export function tagsOf(row: Row): string[] {
  return [...new Set(row.tags.map((tag) => tag.toLowerCase()))];
}

/** Distance from the mean over the deviation, which is at least the root of the mean and 1. */
export function zScore(
  now: number,
  before: readonly number[],
): { mean: number; deviation: number; z: number } {
  const mean = sum(before) / before.length;
  const square = sum(before.map((n) => n * n)) / before.length;
  const deviation = Math.sqrt(Math.max(square - mean * mean, 0));
  return { mean, deviation, z: (now - mean) / Math.max(deviation, Math.sqrt(mean), 1) };
}
