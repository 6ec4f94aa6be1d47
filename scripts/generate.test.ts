import { describe, expect, it } from "vitest";
import {
  type GenerateOptions,
  generateInteractions,
  type Interaction,
  interactionsAfter,
} from "./generate.ts";
import { INTERACTION_TYPES, MAX_ENGAGEMENT } from "./interactions/interaction.ts";
import { PLATFORMS } from "./interactions/population.ts";

const AS_OF = new Date("2026-01-31T12:00:00Z");
const HOUR_MS = 3_600_000;
const INT32_MAX = 2 ** 31 - 1;

const generate = (options: Partial<GenerateOptions> = {}): Interaction[] => [
  ...generateInteractions({ events: 2_000, seed: 1, hours: 72, asOf: AS_OF, ...options }),
];

const momentOf = (row: Interaction) => Date.parse(`${row.timestamp.replace(" ", "T")}Z`);

/** Rows per key, the largest first. */
function counts(
  rows: readonly Interaction[],
  key: (row: Interaction) => string,
): [key: string, rows: number][] {
  const found = new Map<string, number>();
  for (const row of rows) found.set(key(row), (found.get(key(row)) ?? 0) + 1);
  return [...found].sort(([, a], [, b]) => b - a);
}

describe("equal options give equal rows", () => {
  it("in two runs", () => {
    expect(JSON.stringify(generate())).toBe(JSON.stringify(generate()));
  });

  it("also when two runs are read in turns", () => {
    const [a, b] = [1, 1].map((seed) =>
      generateInteractions({ events: 2_500, seed, hours: 72, asOf: AS_OF }),
    );
    const [rowsA, rowsB]: [unknown[], unknown[]] = [[], []];
    for (let i = 0; i < 2_500; i++) {
      rowsA.push(a?.next().value);
      rowsB.push(b?.next().value);
    }
    expect(rowsA).toEqual(rowsB);
    expect(rowsA).toEqual(generate({ events: 2_500 }));
  });

  it.each([{ seed: 2 }, { hours: 71 }, { asOf: new Date("2026-01-31T12:00:01Z") }, { events: 2_001 }])(
    "and %j gives other ids, so that two runs can be in one table",
    (change) => {
      const ids = new Set(generate().map((row) => row.interaction_id));
      expect(generate(change).filter((row) => ids.has(row.interaction_id))).toEqual([]);
    },
  );
});

describe("every row", () => {
  const rows = generate({ events: 20_000 });

  it("has an id of its own", () => {
    expect(new Set(rows.map((row) => row.interaction_id)).size).toBe(20_000);
  });

  it("lies in the window, in order of time", () => {
    const moments = rows.map(momentOf);
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(moments[0]).toBeGreaterThanOrEqual(AS_OF.getTime() - 72 * HOUR_MS);
    expect(moments.at(-1)).toBeLessThanOrEqual(AS_OF.getTime());
  });

  it("has an engagement that fits the column", () => {
    const wrong = rows.filter(
      ({ engagement_count: n }) => !Number.isInteger(n) || n < 0 || n > MAX_ENGAGEMENT,
    );
    expect(wrong).toEqual([]);
    expect(MAX_ENGAGEMENT).toBeLessThan(INT32_MAX);
  });

  it("has a platform and a type of the list, in lower case", () => {
    expect(
      counts(rows, (row) => row.platform)
        .map(([name]) => name)
        .sort(),
    ).toEqual([...PLATFORMS].sort());
    expect(
      counts(rows, (row) => row.interaction_type)
        .map(([name]) => name)
        .sort(),
    ).toEqual([...INTERACTION_TYPES].sort());
  });

  it("repeats its content's platform, text and tags", () => {
    const seen = new Map<string, string>();
    for (const { content_id, platform, text_content, tags } of rows) {
      const facts = JSON.stringify([platform, text_content, tags]);
      expect(seen.get(content_id) ?? facts).toBe(facts);
      seen.set(content_id, facts);
    }
    expect(seen.size).toBeGreaterThan(500);
  });
});

describe("the whole", () => {
  const rows = generate({ events: 20_000 });
  const types = new Map(counts(rows, (row) => row.interaction_type));

  it("is mostly likes, then comments, then shares, and posts are rare", () => {
    expect([...types.keys()]).toEqual(["like", "comment", "share", "post"]);
    expect(types.get("like")).toBeGreaterThan(12_000);
  });

  it("posts a content once, before anyone reacts to it", () => {
    const posts = rows.filter((row) => row.interaction_type === "post");
    expect(new Set(posts.map((row) => row.content_id)).size).toBe(posts.length);
    const first = new Map<string, string>();
    for (const row of rows) if (!first.has(row.content_id)) first.set(row.content_id, row.interaction_type);
    expect(posts.filter((row) => first.get(row.content_id) !== "post")).toEqual([]);
  });

  it("has favourites: a tenth of the contents gets most of the interactions, and none gets all", () => {
    const contents = counts(rows, (row) => row.content_id);
    const top = contents.slice(0, contents.length / 10).reduce((sum, [, n]) => sum + n, 0);
    expect(top / rows.length).toBeGreaterThan(0.4);
    expect(contents[0]?.[1]).toBeLessThan(rows.length / 10);
  });

  it("lets many users meet one content, and most users meet several", () => {
    const [[favourite] = [""]] = counts(rows, (row) => row.content_id);
    const users = new Set(rows.filter((row) => row.content_id === favourite).map((row) => row.user_id));
    expect(users.size).toBeGreaterThan(200);
    expect(counts(rows, (row) => row.user_id).length).toBeLessThan(rows.length / 4);
  });

  it("has a long tail of engagement: the mean is far above the median", () => {
    const sorted = rows.map((row) => row.engagement_count).sort((a, b) => a - b);
    const mean = sorted.reduce((sum, n) => sum + n, 0) / sorted.length;
    expect(mean).toBeGreaterThan(3 * (sorted[10_000] ?? 0));
    expect(sorted.at(-1)).toBeGreaterThan(1_000);
  });

  it("has quiet and busy hours", () => {
    const hours = counts(rows, (row) => row.timestamp.slice(0, 13)).map(([, n]) => n);
    expect((hours[0] ?? 0) / (hours.at(-2) ?? 0)).toBeGreaterThan(4);
  });

  it("has contents to answer the first question: 15 interactions on twitter within 48 hours", () => {
    const recent = rows.filter(
      (row) => row.platform === "twitter" && momentOf(row) > AS_OF.getTime() - 48 * HOUR_MS,
    );
    expect(counts(recent, (row) => row.content_id).filter(([, n]) => n >= 15).length).toBeGreaterThan(20);
  });
});

describe("limits", () => {
  it.each<[string, Partial<GenerateOptions>, number]>([
    ["no events", { events: 0 }, 0],
    ["one event", { events: 1 }, 1],
    ["more than one block", { events: 1_001 }, 1_001],
    ["a window of a second", { events: 50, hours: 1 / 3_600 }, 50],
    ["a window of a year", { events: 50, hours: 366 * 24 }, 50],
    ["the largest seed", { events: 50, seed: 2 ** 32 - 1 }, 50],
  ])("works with %s", (_, options, length) => {
    const rows = generate(options);
    const from = AS_OF.getTime() - (options.hours ?? 72) * HOUR_MS;
    expect(rows).toHaveLength(length);
    expect(rows.filter((row) => momentOf(row) < from || momentOf(row) > AS_OF.getTime())).toEqual([]);
  });

  it.each([
    [{ events: -1 }, "events"],
    [{ events: 1.5 }, "events"],
    [{ seed: 2 ** 32 }, "seed"],
    [{ hours: 0 }, "hours"],
    [{ hours: Number.NaN }, "hours"],
    [{ asOf: new Date("x") }, "asOf"],
  ])("refuses %j by name", (options, name) => {
    expect(() => generate(options)).toThrow(new RegExp(`^${name} must be`));
  });
});

describe("what comes after", () => {
  const run = { events: 2_000, seed: 1, asOf: AS_OF };

  function take(count: number, options = run): Interaction[] {
    const rows = interactionsAfter(options);
    return Array.from({ length: count }, () => rows.next().value as Interaction);
  }

  it("is about the same people and contents", () => {
    const before = generate();
    for (const key of ["content_id", "user_id"] as const) {
      const known = new Set(before.map((row) => row[key]));
      const share = take(1_000).filter((row) => known.has(row[key])).length / 1_000;
      expect(share).toBeGreaterThan(0.9);
    }
  });

  it("has no end, and no id twice", () => {
    const rows = [...generate(), ...take(5_000)];
    expect(new Set(rows.map((row) => row.interaction_id)).size).toBe(7_000);
  });

  it("is there also behind no rows at all", () => {
    expect(new Set(take(600, { ...run, events: 0 }).map((row) => row.interaction_id)).size).toBe(600);
  });
});
