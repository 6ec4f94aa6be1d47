import { describe, expect, it } from "vitest";
import { deliveryLine, deliveryOf, exitCodeOfDelivery, firstFew } from "./delivery.ts";

describe("deliveryOf", () => {
  it("counts what reached neither table as failed, whoever gave it up", () => {
    const summary = { sent: 100, delivered: 90, quarantined: 4, rejected: 5, undeliverable: 1, spooled: 0 };
    expect(deliveryOf(summary, 7)).toEqual({ sent: 90, quarantined: 4, failed: 13 });
  });
});

describe("exitCodeOfDelivery", () => {
  it.each([
    ["every row is in the data source", { sent: 9, quarantined: 0, failed: 0 }, 0],
    ["there was nothing to send", { sent: 0, quarantined: 0, failed: 0 }, 0],
    ["a row is in quarantine", { sent: 9, quarantined: 1, failed: 0 }, 1],
    ["a row failed", { sent: 9, quarantined: 0, failed: 1 }, 1],
  ])("when %s", (_, delivery, code) => {
    expect(exitCodeOfDelivery(delivery)).toBe(code);
  });
});

it("prints the three counts in one line", () => {
  expect(deliveryLine({ sent: 20_000, quarantined: 1, failed: 2 })).toBe(
    "20000 sent, 1 quarantined, 2 failed",
  );
});

it("keeps the first few reports and counts the others", () => {
  const reports = firstFew(2);
  for (const line of ["a", "b", "c", "d"]) reports.add(line);
  expect(reports.lines()).toEqual(["a", "b", "… and 2 more"]);
});
