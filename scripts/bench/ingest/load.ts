import { Pool } from "undici";
import { percentile } from "../bench.ts";

/** What a time under load showed. */
export interface Load {
  readonly posts: number;
  readonly seconds: number;
  readonly errors: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Posts bodies over so many connections, each as soon as its last was answered, for some seconds. */
export async function postFor(
  url: string,
  token: string,
  options: {
    seconds: number;
    connections: number;
    body: (n: number) => string;
    wait?: boolean;
    signal: AbortSignal;
  },
): Promise<Load> {
  const pool = new Pool(url, { connections: options.connections });
  const path = `/v0/events?name=social_interactions${options.wait ? "&wait=true" : ""}`;
  const headers = { authorization: `Bearer ${token}` };
  const times: number[] = [];
  let [posts, errors] = [0, 0];
  const start = performance.now();
  const end = start + options.seconds * 1_000;
  const worker = async () => {
    while (performance.now() < end && !options.signal.aborted) {
      const body = options.body(posts++);
      const before = performance.now();
      const { statusCode, body: answer } = await pool.request({ path, method: "POST", headers, body });
      await answer.dump();
      if (statusCode >= 300) errors++;
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: options.connections }, worker));
  const seconds = (performance.now() - start) / 1_000;
  await pool.close();
  return { posts: times.length, seconds, errors, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
