import { describe, expect, it } from "vitest";
import { localText } from "../format/moment.ts";
import { timeTicks } from "./ticks.ts";

/** What the server writes for buckets of so many minutes from a moment (UTC) on. */
function locals(zone: string, from: string, minutes: number, count: number): string[] {
  const start = Date.parse(`${from}Z`);
  return Array.from({ length: count }, (_, i) => localText(new Date(start + i * minutes * 60_000), zone));
}

const MOST = 8;
const QUARTERS_OF_A_DAY = 96;
const CHANGE_DAYS = [
  ["Europe/Berlin, forward", "Europe/Berlin", "2026-03-28 23:00:00", QUARTERS_OF_A_DAY - 4],
  ["Europe/Berlin, back", "Europe/Berlin", "2026-10-24 22:00:00", QUARTERS_OF_A_DAY + 4],
  ["Asia/Kolkata, no change", "Asia/Kolkata", "2026-03-28 18:30:00", QUARTERS_OF_A_DAY],
  ["Asia/Kolkata, no change in autumn", "Asia/Kolkata", "2026-10-24 18:30:00", QUARTERS_OF_A_DAY],
  ["Pacific/Auckland, forward", "Pacific/Auckland", "2026-09-26 12:00:00", QUARTERS_OF_A_DAY - 4],
  ["Pacific/Auckland, back", "Pacific/Auckland", "2026-04-04 11:00:00", QUARTERS_OF_A_DAY + 4],
] as const;

describe("the ticks of a day", () => {
  it.each(CHANGE_DAYS)("%s: stand at round times of the clock, each once", (_, zone, from, count) => {
    const buckets = locals(zone, from, 15, count);
    const ticks = timeTicks(buckets, MOST);
    expect(ticks.map(({ label }) => label)).toEqual([
      "00:00",
      "03:00",
      "06:00",
      "09:00",
      "12:00",
      "15:00",
      "18:00",
      "21:00",
    ]);
    for (const { index, label } of ticks) expect(buckets[index]).toContain(` ${label}:00`);
  });

  it("have no label for an hour that the clock skips, and one for an hour that comes twice", () => {
    const labels = (from: string) =>
      timeTicks(locals("Europe/Berlin", from, 15, 24), 6).map(({ label }) => label);
    expect(labels("2026-03-28 23:00:00")).toEqual(["00:00", "01:00", "03:00", "04:00", "05:00", "06:00"]);
    expect(labels("2026-10-24 22:00:00")).toEqual(["00:00", "01:00", "02:00", "03:00", "04:00"]);
  });
});

describe("the ticks of a longer range", () => {
  it("are dates without times", () => {
    const ticks = timeTicks(locals("Europe/Berlin", "2026-03-25 08:00:00", 60, 168), MOST);
    expect(ticks.map(({ label }) => label)).toEqual([
      "26 Mar",
      "27 Mar",
      "28 Mar",
      "29 Mar",
      "30 Mar",
      "31 Mar",
      "1 Apr",
    ]);
  });

  it("are no more than there is room for", () => {
    expect(timeTicks(locals("UTC", "2026-01-01 00:00:00", 1440, 180), 6).length).toBeLessThanOrEqual(6);
  });

  it("are none without buckets", () => expect(timeTicks([], MOST)).toEqual([]));
});
