import { afterAll, beforeAll, expect, it } from "vitest";
import { startTarget, type Target } from "../target.ts";

let target: Target;

beforeAll(async () => {
  target = await startTarget({ fixtures: false });
});

afterAll(async () => {
  await target.close();
});

it.each([
  ["since=2025-05-02%2000:00:00&until=2025-05-01%2000:00:00", "The period must not end before it starts"],
  ["since=2024-01-01%2000:00:00&until=2025-05-01%2000:00:00", "The period must be at most 400 days long"],
  [
    "since=2024-04-30%2000:00:00&until=2025-05-01%2000:00:00&compare=year",
    "The period must be at most a year long",
  ],
])("a period of %s is refused: %s", async (asked, reason) => {
  const response = await target.get(
    `/v0/pipes/platform_engagement.json?as_of=2025-05-12%2000:00:00&${asked}`,
  );
  const { error } = (await response.json()) as { error: string };
  expect({ status: response.status, error }).toEqual({ status: 400, error: expect.stringContaining(reason) });
});

it("a period of a whole year can be compared with the year before", async () => {
  const asked =
    "as_of=2025-05-12%2000:00:00&since=2024-05-01%2000:00:00&until=2025-05-01%2000:00:00&compare=year";
  expect((await target.get(`/v0/pipes/platform_engagement.json?${asked}`)).status).toBe(200);
});
