import { describe, expect, it } from "vitest";
import { Fault } from "../asking/fault.ts";
import { type Observed, statusOf } from "./status.ts";

const well: Observed = {
  isPaused: false,
  asOf: null,
  timezone: "Asia/Kolkata",
  faults: [null, null, null],
  lastAnswer: 1000,
  now: 41_000,
};
const failed = new Fault("failed", "no");
const forbidden = new Fault("forbidden", "no");

describe("the state of the page", () => {
  it.each([
    ["all is well", {}, "Live"],
    ["nothing came yet", { lastAnswer: null }, "Loading"],
    ["it is paused", { isPaused: true }, "Paused"],
    ["it is frozen", { asOf: "2026-11-23 02:55:00" }, "Frozen at Mon 23 Nov, 08:25"],
    ["some fail", { faults: [failed, null, null] }, "1 of 3 not answering"],
    ["all are forbidden", { faults: [forbidden, forbidden, forbidden] }, "This link may not read this"],
    ["all fail from the start", { faults: [failed, failed, failed], lastAnswer: null }, "No answer yet"],
  ])("when %s", (_, change, words) => expect(statusOf({ ...well, ...change }).words).toBe(words));

  it("counts the seconds since the last answer only for eyes", () => {
    expect(statusOf({ ...well, faults: [failed, failed, failed] })).toMatchObject({
      words: "Not answering.",
      counting: "Last answer 40 s ago",
    });
  });
});
