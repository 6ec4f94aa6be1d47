import { isMoment } from "../format/moment.ts";
import { zoneNamed } from "../format/zone.ts";
import {
  COMPARES,
  defaultView,
  FILTERS,
  type FilterName,
  type Filters,
  MAX_NAMES,
  METRICS,
  RANGES,
  RANKS,
  SPLITS,
  type View,
} from "./view.ts";

/** Days between the ends of a period: the endpoints take no more. */
export const MAX_DAYS = 400;

const DAY_MS = 86_400_000;

/** The view that an address asks for. What it does not know, or does not understand, is the default: never an error. */
export function readAddress(search: string, timezone: string): View {
  const asked = new URLSearchParams(search);
  const usual = defaultView(timezone);
  const custom = customOf(asked);
  return {
    range: custom === null ? oneOf(RANGES, asked.get("range"), "24h") : "custom",
    custom,
    compare: oneOf(COMPARES, asked.get("compare"), usual.compare),
    timezone: zoneOf(asked.get("timezone"), timezone),
    filters: filtersOf(asked),
    excludeBots: asked.get("exclude_bots") === "1",
    metric: oneOf(METRICS, asked.get("metric"), usual.metric),
    rankBy: oneOf(RANKS, asked.get("rank_by"), usual.rankBy),
    splitBy: oneOf(SPLITS, asked.get("split_by"), usual.splitBy),
    asOf: momentOf(asked.get("as_of")),
  };
}

/** The address of a view, from `?` on; empty when everything is the default. Commas and colons stay readable. */
export function writeAddress(view: View, timezone: string): string {
  const usual = defaultView(timezone);
  const parts = new URLSearchParams();
  const put = (name: string, value: string, otherwise: string) => {
    if (value !== otherwise) parts.set(name, value);
  };
  if (view.custom === null) put("range", view.range, usual.range);
  else for (const end of ["since", "until"] as const) parts.set(end, view.custom[end]);
  put("compare", view.compare, usual.compare);
  put("timezone", view.timezone, timezone);
  for (const name of FILTERS) put(name, (view.filters[name] ?? []).join(","), "");
  put("exclude_bots", view.excludeBots ? "1" : "", "");
  put("metric", view.metric, usual.metric);
  put("rank_by", view.rankBy, usual.rankBy);
  put("split_by", view.splitBy, usual.splitBy);
  put("as_of", view.asOf ?? "", "");
  const text = parts.toString().replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%2F", "/");
  return text === "" ? "" : `?${text}`;
}

function oneOf<T extends string>(allowed: readonly T[], asked: string | null, otherwise: T): T {
  return allowed.find((each) => each === asked) ?? otherwise;
}

function zoneOf(asked: string | null, otherwise: string): string {
  return zoneNamed(asked ?? "") ?? otherwise;
}

function momentOf(asked: string | null): string | null {
  return asked !== null && isMoment(asked) ? asked : null;
}

function filtersOf(asked: URLSearchParams): Filters {
  const named = (name: FilterName) =>
    [...new Set((asked.get(name) ?? "").split(",").map((each) => each.trim()))]
      .filter((each) => each !== "")
      .slice(0, MAX_NAMES);
  return Object.fromEntries(FILTERS.map((name) => [name, named(name)]).filter(([, names]) => names?.length));
}

function customOf(asked: URLSearchParams): View["custom"] {
  const [since, until] = [momentOf(asked.get("since")), momentOf(asked.get("until"))];
  if (since === null || until === null || !isPeriod(since, until)) return null;
  return { since, until };
}

/** Whether two moments are the ends of a period that the endpoints take. */
export function isPeriod(since: string, until: string): boolean {
  const length = Date.parse(`${until}Z`) - Date.parse(`${since}Z`);
  return length > 0 && length <= MAX_DAYS * DAY_MS;
}
