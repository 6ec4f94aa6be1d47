/** What the reader has chosen. The address of the page is the only place that holds it; every request is built from it. */
export interface View {
  readonly range: Range | "custom";
  /** Both ends of a custom range, UTC, `YYYY-MM-DD HH:MM:SS`; half-open. Null for the other ranges. */
  readonly custom: { readonly since: string; readonly until: string } | null;
  readonly compare: Compare;
  /** An IANA name. */
  readonly timezone: string;
  readonly filters: Filters;
  readonly excludeBots: boolean;
  readonly metric: Metric;
  readonly rankBy: RankBy;
  readonly splitBy: SplitBy;
  /** The moment a frozen page is for, UTC; null for now. */
  readonly asOf: string | null;
}

export const RANGES = ["1h", "6h", "24h", "7d", "30d"] as const;
export type Range = (typeof RANGES)[number];

export const RANGE_HOURS: Readonly<Record<Range, number>> = {
  "1h": 1,
  "6h": 6,
  "24h": 24,
  "7d": 168,
  "30d": 720,
};

export const COMPARES = ["previous", "previous_weekday", "year", "none"] as const;
export type Compare = (typeof COMPARES)[number];

export const METRICS = ["interactions", "engagement", "unique_users"] as const;
export type Metric = (typeof METRICS)[number];

export const RANKS = ["z", "velocity", "engagement"] as const;
export type RankBy = (typeof RANKS)[number];

export const SPLITS = ["none", "platform", "type"] as const;
export type SplitBy = (typeof SPLITS)[number];

/** Lists of names, as the endpoints take them. */
export const FILTERS = [
  "platform",
  "interaction_type",
  "tag",
  "content_id",
  "exclude_platform",
  "exclude_interaction_type",
  "exclude_tag",
  "exclude_content_id",
] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Readonly<Partial<Record<FilterName, readonly string[]>>>;

/** Names in one list: the endpoints take no more. */
export const MAX_NAMES = 50;

/** What a page shows that nobody has chosen anything for, in the reader's own zone. */
export function defaultView(timezone: string): View {
  return {
    range: "24h",
    custom: null,
    compare: "previous",
    timezone,
    filters: {},
    excludeBots: false,
    metric: "interactions",
    rankBy: "z",
    splitBy: "none",
    asOf: null,
  };
}

export function hasFilters({ filters, excludeBots }: View): boolean {
  return excludeBots || FILTERS.some((name) => (filters[name] ?? []).length > 0);
}

/** The view with a name in a filter that lacked it, or without it. */
export function toggled(view: View, name: FilterName, value: string): View {
  const chosen = view.filters[name] ?? [];
  const next = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
  return { ...view, filters: { ...view.filters, [name]: next.slice(0, MAX_NAMES) } };
}

export function withoutFilters(view: View): View {
  return { ...view, filters: {}, excludeBots: false };
}
