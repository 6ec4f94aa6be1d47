import { expect, it } from "vitest";
import { eventsOf } from "./events.ts";

async function read(text: string) {
  const reports: string[] = [];
  async function* pieces() {
    yield new TextEncoder().encode(text);
  }
  const lines = eventsOf(pieces(), { onUnreadable: (line, reason) => reports.push(`${line}: ${reason}`) });
  const events: [line: number, event: unknown][] = [];
  for await (const event of lines.events) events.push([lines.line(), event]);
  return { events, reports, unreadable: lines.unreadable(), taken: lines.taken() };
}

it("reads the values of the lines and knows the line of the latest", async () => {
  const { events } = await read('{"a":1}\n\n{"a":2}');
  expect(events).toEqual([
    [1, { a: 1 }],
    [3, { a: 2 }],
  ]);
});

it("leaves out a line that is not JSON, counts it, and tells its number", async () => {
  const { events, reports, unreadable, taken } = await read('{"a":1}\nnope\n{"a":2}\n');
  expect(events.map(([line]) => line)).toEqual([1, 3]);
  expect(reports).toEqual([expect.stringMatching(/^2: not JSON: .*nope/)]);
  expect({ unreadable, taken }).toEqual({ unreadable: 1, taken: 2 });
});
