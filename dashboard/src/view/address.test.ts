import { describe, expect, it } from "vitest";
import { readAddress, writeAddress } from "./address.ts";
import { defaultView } from "./view.ts";

const ZONE = "Europe/Berlin";
const usual = defaultView(ZONE);

describe("the address", () => {
  it.each([
    ["", {}],
    ["?range=7d", { range: "7d" }],
    ["?compare=none", { compare: "none" }],
    ["?timezone=Asia/Kolkata", { timezone: "Asia/Kolkata" }],
    [
      "?platform=twitter,reddit&tag=recipe",
      { filters: { platform: ["twitter", "reddit"], tag: ["recipe"] } },
    ],
    [
      "?exclude_platform=tiktok&exclude_bots=1",
      { filters: { exclude_platform: ["tiktok"] }, excludeBots: true },
    ],
    [
      "?content_id=c_1&interaction_type=like",
      { filters: { content_id: ["c_1"], interaction_type: ["like"] } },
    ],
    [
      "?metric=engagement&rank_by=velocity&split_by=platform",
      { metric: "engagement", rankBy: "velocity", splitBy: "platform" },
    ],
    ["?as_of=2026-11-23+08:25:00", { asOf: "2026-11-23 08:25:00" }],
    [
      "?since=2026-11-01+00:00:00&until=2026-11-02+00:00:00",
      { range: "custom", custom: { since: "2026-11-01 00:00:00", until: "2026-11-02 00:00:00" } },
    ],
  ])("%s is read and written back", (address, change) => {
    const view = readAddress(address, ZONE);
    expect(view).toEqual({ ...usual, ...change });
    expect(readAddress(writeAddress(view, ZONE), ZONE)).toEqual(view);
  });

  it("leaves out what is the default, and keeps commas readable", () => {
    expect(writeAddress({ ...usual, range: "6h", filters: { platform: ["a", "b"] } }, ZONE)).toBe(
      "?range=6h&platform=a,b",
    );
  });

  it.each([
    "?range=3h",
    "?compare=maybe",
    "?timezone=Nowhere",
    "?metric=money",
    "?rank_by=luck",
    "?as_of=now",
    "?platform=,,",
    "?since=2026-11-02+00:00:00",
    "?since=2026-11-02+00:00:00&until=2026-11-01+00:00:00",
    "?since=2020-11-02+00:00:00&until=2026-11-01+00:00:00",
    "?unknown=1",
  ])("%s is the default", (address) => expect(readAddress(address, ZONE)).toEqual(usual));
});
