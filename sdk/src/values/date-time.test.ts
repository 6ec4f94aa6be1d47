import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromDateText, toDateTime, toDateTime64, toDay } from "./date-time.ts";

describe("a DateTime on its way to the service", () => {
  it.each<[string, Date | string, string | undefined]>([
    ["a Date, in UTC", new Date("2026-03-01T12:30:00+02:00"), "2026-03-01 10:30:00"],
    ["a Date, without its milliseconds", new Date(Date.UTC(2026, 0, 1, 0, 0, 0, 999)), "2026-01-01 00:00:00"],
    ["the wire form, as it is", "2026-01-01 10:00:00", "2026-01-01 10:00:00"],
    ["ISO 8601 in UTC", "2026-01-01T10:00:00Z", "2026-01-01 10:00:00"],
    ["ISO 8601 without a zone, as UTC", "2026-01-01T10:00:00", "2026-01-01 10:00:00"],
    ["ISO 8601 with a zone", "2026-01-01T00:30:00.123+01:00", "2025-12-31 23:30:00"],
    ["a zone behind UTC", "2026-01-01 23:30:00-01:30", "2026-01-02 01:00:00"],
    ["a fraction of a second", "2026-01-01 10:00:00.999", "2026-01-01 10:00:00"],
    ["a leap day", "2024-02-29 00:00:00", "2024-02-29 00:00:00"],
    ["the first second", "1970-01-01 00:00:00", "1970-01-01 00:00:00"],
    ["the last second", "2106-02-07 06:28:15", "2106-02-07 06:28:15"],
    ["not the second after the last", "2106-02-07 06:28:16", undefined],
    ["not a time before 1970", new Date(-1), undefined],
    ["not an invalid Date", new Date(Number.NaN), undefined],
    ["not 30 February", "2026-02-30 00:00:00", undefined],
    ["not 29 February of a common year", "2026-02-29 00:00:00", undefined],
    ["not month 13", "2026-13-01 00:00:00", undefined],
    ["not month 0", "2026-00-01 00:00:00", undefined],
    ["not 24 hours", "2026-01-01 24:00:00", undefined],
    ["not 60 minutes", "2026-01-01 10:60:00", undefined],
    ["not a date alone", "2026-01-01", undefined],
    ["not text around a date", " 2026-01-01 10:00:00", undefined],
    ["not an empty text", "", undefined],
  ])("takes %s", (_, value, wire) => expect(toDateTime(value)).toBe(wire));

  it("reads back its own text", () => {
    const date = fc.date({ min: new Date(0), max: new Date((2 ** 32 - 1) * 1000), noInvalidDate: true });
    fc.assert(
      fc.property(date, (value) => {
        const wire = toDateTime(value);
        expect(wire).toBe(value.toISOString().slice(0, 19).replace("T", " "));
        expect(toDateTime(wire ?? "")).toBe(wire);
        expect(toDateTime(value.toISOString())).toBe(wire);
      }),
    );
  });
});

describe("a DateTime64 on its way to the service", () => {
  it.each<[string, Date | string, number, string | undefined]>([
    ["a Date", new Date(Date.UTC(2026, 0, 1, 0, 0, 0, 7)), 3, "2026-01-01 00:00:00.007"],
    ["a text, with zeros added", "2026-01-01 10:00:00", 3, "2026-01-01 10:00:00.000"],
    ["digits beyond the precision, cut off", "2026-01-01T10:00:00.123456Z", 3, "2026-01-01 10:00:00.123"],
    ["microseconds in another zone", "2026-01-01T01:00:00.123456+02:00", 6, "2025-12-31 23:00:00.123456"],
    ["no fraction at precision 0", "2026-01-01 10:00:00.9", 0, "2026-01-01 10:00:00"],
    ["a time before 1970", "1969-07-20 20:17:40", 0, "1969-07-20 20:17:40"],
    ["not a year that ClickHouse cannot hold", "2300-01-01 00:00:00", 3, undefined],
    ["not an invalid Date", new Date(Number.NaN), 3, undefined],
  ])("takes %s", (_, value, precision, wire) => expect(toDateTime64(value, precision)).toBe(wire));
});

describe("a Date on its way to the service", () => {
  it.each<[string, Date | string, string | undefined]>([
    ["a Date, its day in UTC", new Date("2026-03-01T00:30:00+02:00"), "2026-02-28"],
    ["a day", "2026-02-28", "2026-02-28"],
    ["not a day that does not exist", "2026-02-29", undefined],
    ["not a time", "2026-02-28 00:00:00", undefined],
  ])("takes %s", (_, value, wire) => expect(toDay(value)).toBe(wire));
});

describe("a moment in an answer", () => {
  it.each([
    ["2026-01-01", "2026-01-01T00:00:00.000Z"],
    ["2026-01-01 10:00:00", "2026-01-01T10:00:00.000Z"],
    ["2026-01-01 10:00:00.123456", "2026-01-01T10:00:00.123Z"],
  ])("%s is %s", (text, iso) => expect(fromDateText(text).toISOString()).toBe(iso));
});
