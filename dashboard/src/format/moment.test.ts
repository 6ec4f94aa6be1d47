import { describe, expect, it } from "vitest";
import { isMoment, localText, spoken, utcOfLocal } from "./moment.ts";

describe("a moment", () => {
  it("is spoken as its text says, in whatever zone this runs", () => {
    expect(spoken("2026-11-23 08:00:00")).toBe("Mon 23 Nov, 08:00");
  });

  it.each([
    ["2026-11-23 08:00:00", true],
    ["2026-02-30 08:00:00", false],
    ["2026-11-23T08:00:00", false],
    ["yesterday", false],
  ])("%s: %s", (text, is) => expect(isMoment(text)).toBe(is));

  it.each([
    ["Europe/Berlin", "2026-07-01 12:00:00", "2026-07-01 14:00:00"],
    ["Asia/Kolkata", "2026-07-01 12:00:00", "2026-07-01 17:30:00"],
    ["Pacific/Auckland", "2026-01-01 12:00:00", "2026-01-02 01:00:00"],
    ["UTC", "2026-01-01 00:00:00", "2026-01-01 00:00:00"],
  ])("in %s at %s UTC clocks show %s, and back", (zone, utc, local) => {
    expect(localText(new Date(`${utc}Z`), zone)).toBe(local);
    expect(utcOfLocal(local, zone)).toBe(utc);
  });

  it.each([
    ["the earlier of two", "2026-10-25 02:30:00", "2026-10-25 00:30:00"],
    [
      "as long after the change as it claims, when it is skipped",
      "2026-03-29 02:30:00",
      "2026-03-29 01:30:00",
    ],
  ])("typed in on a day of change is %s", (_, local, utc) => {
    expect(utcOfLocal(local, "Europe/Berlin")).toBe(utc);
  });
});
