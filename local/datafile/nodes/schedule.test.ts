import { describe, expect, it } from "vitest";
import { isSchedule } from "./schedule.ts";

describe("isSchedule", () => {
  it.each([
    "@on-demand",
    "@hourly",
    "0 * * * *",
    "*/15 8-18 1,15 jan-mar mon-fri",
    "59 23 31 12 7 59",
    "5/10 * l * ?",
  ])("accepts %s", (text) => {
    expect(isSchedule(text)).toBe(true);
  });

  it.each([
    "",
    "@once",
    "@reboot",
    "* * * *",
    "* * * * * * *",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "*/0 * * * *",
    "5-1 * * * *",
    "1-2-3 * * * *",
    "a * * * *",
    "1, * * * *",
  ])("refuses %j", (text) => {
    expect(isSchedule(text)).toBe(false);
  });
});
