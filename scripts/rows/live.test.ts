import { createClient } from "@social-interactions/sdk";
import { describe, expect, it } from "vitest";
import { generateInteractions } from "../generate.ts";
import { happening, sendLive } from "./live.ts";

const START = Date.parse("2026-01-31T12:00:00Z");
const ROWS = [...generateInteractions({ events: 20, seed: 1, hours: 72, asOf: new Date(START) })];

/** A clock that only sleeping moves; after so many seconds of it the signal comes. */
function world(rate: number, seconds: number) {
  let time = 0;
  const controller = new AbortController();
  const sleep = async (ms: number) => {
    time += ms;
    if (time >= seconds * 1_000) controller.abort();
  };
  const clock = () => new Date(START + time);
  return { rate, signal: controller.signal, now: () => time, sleep, clock };
}

/** A client whose service answers each batch as it is told to, and remembers the rows. */
function service(answer: (batch: number) => Response) {
  const batches: { timestamp: string; interaction_id: string }[][] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const text = await new Response(init?.body).text();
    batches.push(
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    );
    return answer(batches.length - 1);
  };
  const client = createClient({
    host: "http://127.0.0.1:1",
    token: "t",
    compression: false,
    batch: { maxRows: 2 },
    concurrency: 1,
    warn: () => {},
    fetch,
  });
  return { client, batches };
}

const taken = (rows: number) => Response.json({ successful_rows: rows, quarantined_rows: 0 });

describe("live rows", () => {
  it("come at their rate, each with the moment of its turn", async () => {
    const moments: string[] = [];
    for await (const row of happening(ROWS, world(0.5, 9))) moments.push(row.timestamp);
    expect(moments).toEqual(["00", "02", "04", "06", "08"].map((second) => `2026-01-31 12:00:${second}`));
  });

  it("are otherwise those that were given", async () => {
    const rows: unknown[] = [];
    for await (const row of happening(ROWS, world(100, 60))) rows.push({ ...row, timestamp: "" });
    expect(rows).toEqual(ROWS.map((row) => ({ ...row, timestamp: "" })));
  });

  it("all arrive when the signal comes", async () => {
    const { client, batches } = service(() => taken(2));
    expect(await sendLive(client, ROWS, world(1, 4.5))).toEqual({ sent: 5, quarantined: 0, failed: 0 });
    expect(batches.flat().map((row) => row.interaction_id)).toEqual(
      ROWS.slice(0, 5).map((row) => row.interaction_id),
    );
  });

  it("go on when some of them are refused, and those are counted", async () => {
    const { client } = service((batch) =>
      batch === 0 ? Response.json({ error: "no" }, { status: 400 }) : taken(2),
    );
    expect(await sendLive(client, ROWS, world(1, 5.5))).toEqual({ sent: 4, quarantined: 0, failed: 2 });
  });
});
