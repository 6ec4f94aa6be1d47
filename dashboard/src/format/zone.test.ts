import { expect, it } from "vitest";
import { listedZones, zoneNamed } from "./zone.ts";

it.each([
  ["a name", "Europe/Berlin", "Europe/Berlin"],
  ["no place", "UTC", "UTC"],
  ["a name of today", "Asia/Kolkata", "Asia/Kolkata"],
  ["other letters", "europe/BERLIN", "Europe/Berlin"],
  ["a name as it is shown", " America/New York ", "America/New_York"],
  ["a name that no list has", "US/Pacific", "America/Los_Angeles"],
  ["a city that is none", "Europe/Bielefeld", null],
  ["an offset, which the endpoints do not take", "+05:30", null],
  ["nothing", "", null],
])("%s: %j is %j", (_, text, zone) => expect(zoneNamed(text)).toBe(zone));

it.each(["Asia/Kolkata", "Asia/Ho_Chi_Minh", "Europe/Kyiv", "America/Argentina/Buenos_Aires"])(
  "%s is offered, whatever the browser calls it",
  (zone) => expect(listedZones()).toContain(zone),
);
