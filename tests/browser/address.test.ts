import { describe, expect } from "vitest";
import { CARD_PIPES } from "./cards.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";
import type { Asked, Visit } from "./visit.test-setup.ts";

const search = ({ page }: Visit) => new URL(page.url()).search;

/** The last question of each card, by endpoint. */
function latest(asked: readonly Asked[]): ReadonlyMap<string, Asked> {
  return new Map(asked.map((each) => [each.pipe, each]));
}

/** The values that the cards asked with for a parameter. */
function valuesOf(asked: readonly Asked[], param: string): (string | null)[] {
  const last = latest(asked);
  return CARD_PIPES.map((pipe) => last.get(pipe)?.params.get(param) ?? null);
}

const all = <T>(value: T): T[] => CARD_PIPES.map(() => value);

describe("the address", () => {
  scenario("gets a reader's filter, and so does every question", async ({ open }) => {
    const visit = await open();
    const before = visit.asked.length;
    await visit.page.getByRole("button", { name: "Reddit", exact: true }).first().click();
    await visit.settled();
    expect(search(visit)).toBe("?platform=reddit");
    expect(valuesOf(visit.since(before), "platform")).toEqual(all("reddit"));
  });

  scenario("undoes a choice by Back, and does it again by Forward", async ({ open }) => {
    const visit = await open();
    await visit.page.getByRole("button", { name: "Reddit", exact: true }).first().click();
    await visit.settled();
    for (const [go, address, value] of [
      [() => visit.page.goBack(), "", null],
      [() => visit.page.goForward(), "?platform=reddit", "reddit"],
    ] as const) {
      const before = visit.asked.length;
      await go();
      await visit.settled();
      expect(search(visit)).toBe(address);
      expect(valuesOf(visit.since(before), "platform")).toEqual(all(value));
    }
  });

  scenario("is all that a reload needs", async ({ open }) => {
    const visit = await open({ search: "?range=6h&platform=reddit,twitter&metric=engagement" });
    const chosen = visit.page.getByRole("button", { name: "Reddit", exact: true, pressed: true }).first();
    await chosen.waitFor();
    const before = visit.asked.length;
    await visit.page.reload();
    await chosen.waitFor();
    await visit.settled();
    expect(valuesOf(visit.since(before), "platform")).toEqual(all("reddit,twitter"));
    expect(
      await visit.page.getByRole("button", { name: "6 h", exact: true }).getAttribute("aria-pressed"),
    ).toBe("true");
  });

  scenario("keeps commas readable, and leaves out what is the default", async ({ open }) => {
    const visit = await open();
    for (const name of ["Reddit", "Twitter"]) {
      await visit.page.getByRole("button", { name, exact: true }).first().click();
    }
    await visit.page.getByRole("button", { name: "24 h", exact: true }).click();
    expect(search(visit)).toBe("?platform=reddit,twitter");
  });

  scenario("of nonsense is the default, and no error", async ({ open }) => {
    const visit = await open({
      search: "?range=9y&timezone=Mars/Base&metric=love&compare=me&as_of=soon&platform=,",
    });
    expect(visit.complaints).toEqual([]);
    expect(
      await visit.page.getByRole("button", { name: "24 h", exact: true }).getAttribute("aria-pressed"),
    ).toBe("true");
    const { params } = latest(visit.asked).get("engagement_timeseries") ?? { params: new URLSearchParams() };
    expect(Object.fromEntries(params)).toEqual({
      since: expect.stringMatching(/^2026-11-22 08:25/),
      until: expect.stringMatching(/^2026-11-23 08:25/),
      compare: "previous",
      bucket: "auto",
      timezone: "UTC",
    });
  });

  scenario.for<[string, readonly (readonly [pipe: string, param: string, value: RegExp])[]]>([
    [
      "?range=1h&rank_by=velocity&compare=year&timezone=Asia/Kolkata",
      [
        ["engagement_timeseries", "since", /^2026-11-23 07:25/],
        ["engagement_timeseries", "timezone", /^Asia\/Kolkata$/],
        ["best_time_heatmap", "timezone", /^Asia\/Kolkata$/],
        ["interactions_by_platform", "compare", /^year$/],
        ["trending_tags", "window_minutes", /^5$/],
        ["trending_content", "hours_back", /^1$/],
        ["trending_content", "rank_by", /^velocity$/],
      ],
    ],
    [
      "?range=30d&tag=pets,nature&interaction_type=like&content_id=content_rtl",
      [
        ["platform_engagement", "since", /^2026-10-24 08:25/],
        ["trending_tags", "window_minutes", /^60$/],
        ["trending_content", "hours_back", /^720$/],
        ["recent_interactions", "tag", /^pets,nature$/],
        ["data_quality", "interaction_type", /^like$/],
        ["live_pulse", "content_id", /^content_rtl$/],
      ],
    ],
    [
      "?since=2026-11-20 00:00:00&until=2026-11-21 00:00:00",
      [
        ["platform_engagement", "since", /^2026-11-20 00:00:00$/],
        ["interactions_by_platform", "until", /^2026-11-21 00:00:00$/],
      ],
    ],
    [
      "?range=6h&as_of=2026-11-23 08:00:00",
      [
        ["best_time_heatmap", "as_of", /^2026-11-23 08:00:00$/],
        ["trending_tags", "window_minutes", /^15$/],
        ["platform_engagement", "since", /^2026-11-23 02:00:01$/],
      ],
    ],
  ])("%s is what the cards ask with", async ([address, expected], { open }) => {
    const { asked } = await open({ search: address });
    const last = latest(asked);
    for (const [pipe, param, value] of expected) {
      expect([pipe, param, last.get(pipe)?.params.get(param)]).toEqual([
        pipe,
        param,
        expect.stringMatching(value),
      ]);
    }
  });
});
