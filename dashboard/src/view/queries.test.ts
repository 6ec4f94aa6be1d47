import { describe, expect, it } from "vitest";
import { boardWindow, CARDS, type CardName, queryOf, questionOf, tagWindowMinutes } from "./queries.ts";
import { defaultView, type Range, type View } from "./view.ts";

const NOW = new Date("2026-11-23T08:25:00Z");
const usual = defaultView("UTC");
const NAMES = Object.keys(CARDS) as CardName[];

describe("the questions of the cards", () => {
  it("ask for the range up to the second that runs", () => {
    expect(queryOf("figures", { ...usual, range: "1h" }, NOW).params).toMatchObject({
      since: "2026-11-23 07:25:01",
      until: "2026-11-23 08:25:01",
      compare: "previous",
    });
  });

  it.each(NAMES.filter((name) => name !== "platforms"))("%s asks with every filter", (name) => {
    const view: View = { ...usual, filters: { platform: ["a", "b"], exclude_tag: ["c"] }, excludeBots: true };
    expect(queryOf(name, view, NOW).params).toMatchObject({
      platform: "a,b",
      exclude_tag: "c",
      exclude_bots: "1",
    });
  });

  it.each(NAMES)("%s asks for the moment of a frozen page", (name) => {
    const view = { ...usual, asOf: "2026-11-20 00:00:00" };
    expect(queryOf(name, view, NOW).params).toMatchObject({ as_of: "2026-11-20 00:00:00" });
  });

  it("are not new ones for a card that what changed does not concern", () => {
    expect(questionOf("board", { ...usual, timezone: "Asia/Kolkata" })).toBe(questionOf("board", usual));
  });

  it.each([
    ["1h", 5, 2.5],
    ["6h", 15, 15],
    ["24h", 60, 60],
    ["7d", 60, 1440],
    ["30d", 60, 1440],
  ] as const)(
    "compare over %s windows of %s min for tags, %s min for content",
    (range: Range, tags, content) => {
      expect(tagWindowMinutes({ ...usual, range })).toBe(tags);
      expect(boardWindow({ ...usual, range })).toBe(content);
    },
  );

  it("rank a range that is over at its end", () => {
    const custom = { since: "2026-11-01 00:00:00", until: "2026-11-02 00:00:00" };
    expect(queryOf("board", { ...usual, range: "custom", custom }, NOW).params).toMatchObject({
      as_of: "2026-11-02 00:00:00",
      hours_back: "24",
    });
  });
});
