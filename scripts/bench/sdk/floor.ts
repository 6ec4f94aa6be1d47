import { Pool } from "undici";

/** Bytes of a body, as the SDK has them. */
const BODY_BYTES = 1_000_000;

const PATH = "/v0/events?name=social_interactions&wait=true";
const HEADERS = { authorization: "Bearer p.bench", "content-type": "application/x-ndjson" };

/**
 * The least that batches: lines gathered to 1 MB, posted by undici, four at a time, no retry, no check, no counts. What an
 * application that wants events out and does not mind losing some would write.
 */
export function bareBatcher(host: string) {
  const pool = new Pool(host, { connections: 4 });
  const underWay = new Set<Promise<void>>();
  let lines: string[] = [];
  let length = 0;

  const post = async (body: Buffer) => {
    const answer = await pool.request({ method: "POST", path: PATH, headers: HEADERS, body });
    await answer.body.dump();
  };
  const ship = () => {
    if (lines.length === 0) return;
    const sent = post(Buffer.from(`${lines.join("\n")}\n`)).finally(() => underWay.delete(sent));
    underWay.add(sent);
    lines = [];
    length = 0;
  };
  return {
    send(event: object): void {
      const line = JSON.stringify(event);
      lines.push(line);
      length += line.length + 1;
      if (length >= BODY_BYTES) ship();
    },
    /** Whether the caller should wait. */
    full: () => underWay.size >= 4,
    ready: () => Promise.race(underWay),
    async close(): Promise<void> {
      ship();
      await Promise.all(underWay);
      await pool.close();
    },
  };
}

/** One request per event by the global `fetch`: what the clients that do not batch do. */
export const byFetch = (host: string) => ({
  post: async (event: object) => {
    const answer = await fetch(host + PATH, {
      method: "POST",
      headers: HEADERS,
      body: `${JSON.stringify(event)}\n`,
    });
    await answer.text();
  },
  close: async () => {},
});

/** One request per event by undici with many connections: the most that can be had without batching. */
export function byUndici(host: string) {
  const pool = new Pool(host);
  return {
    post: async (event: object) => {
      const body = `${JSON.stringify(event)}\n`;
      const answer = await pool.request({ method: "POST", path: PATH, headers: HEADERS, body });
      await answer.body.dump();
    },
    close: () => pool.close(),
  };
}

/** Posts all events, `parallel` at a time. */
export async function oneRequestPerEvent(
  { post, close }: ReturnType<typeof byFetch>,
  events: readonly object[],
  parallel: number,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let event = events[next++]; event !== undefined; event = events[next++]) await post(event);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  await close();
}
