import { expect, it } from "vitest";
import { notes } from "./progress.ts";

function run(total: number | undefined, steps: readonly (readonly [time: number, done: number])[]): string[] {
  let time = 0;
  const lines: string[] = [];
  const progress = notes({ label: "sending", unit: "rows", total, now: () => time }, (line) =>
    lines.push(line),
  );
  for (const [at, done] of steps) {
    time = at;
    progress.update(done);
  }
  progress.stop();
  return lines;
}

it("notes a line every two seconds and one at the end", () => {
  const steps = [
    [500, 10],
    [2_000, 40],
    [2_500, 50],
    [4_100, 90],
    [4_200, 100],
  ] as const;
  expect(run(100, steps)).toEqual([
    "sending: 40 of 100 rows",
    "sending: 90 of 100 rows",
    "sending: 100 of 100 rows",
  ]);
});

it("does not repeat itself at the end", () => {
  expect(run(undefined, [[3_000, 7]])).toEqual(["sending: 7 rows"]);
});
