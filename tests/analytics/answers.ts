import type { Target } from "../target.ts";
import type { Row } from "./generate.ts";
import type { Params } from "./reference/rows.ts";
import { utcText } from "./reference/zone.ts";

/** Posts rows to the Events API, `batch` at a time, and waits until they can be queried. */
export async function send(target: Target, rows: readonly Row[], batch = 5_000): Promise<void> {
  for (let at = 0; at < rows.length; at += batch) {
    const lines = rows
      .slice(at, at + batch)
      .map((row) => JSON.stringify({ ...row, timestamp: utcText(row.timestamp) }));
    const response = await target.post("/v0/events?name=social_interactions&wait=true", lines.join("\n"));
    const counts = (await response.json()) as { quarantined_rows: number };
    if (!response.ok || counts.quarantined_rows !== 0) throw new Error(`Not sent: ${JSON.stringify(counts)}`);
  }
}

/** The answer of an endpoint as its bytes. @throws for any status but 200. */
export async function answerText(target: Target, pipe: string, params: Params): Promise<string> {
  const search = new URLSearchParams(
    Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const response = await target.get(`/v0/pipes/${pipe}.ndjson?${search}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${pipe}?${search} answered ${response.status}: ${text.slice(0, 300)}`);
  return text;
}

export async function answer(target: Target, pipe: string, params: Params): Promise<object[]> {
  const text = await answerText(target, pipe, params);
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as object);
}

/** Sums of fractions differ in their last digits with the order of adding up; the answers have four decimals. */
const TOLERANCE = 1.5e-4;

/** Both sides with fractions replaced by the expected ones where they are as good as equal. */
export function aligned(actual: unknown, expected: unknown): unknown {
  if (typeof actual === "number" && typeof expected === "number") {
    const close = Math.abs(actual - expected) <= TOLERANCE + Math.abs(expected) * 1e-9;
    return close && !(Number.isInteger(actual) && Number.isInteger(expected)) ? expected : actual;
  }
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.map((each, i) => aligned(each, expected[i]));
  }
  if (isObject(actual) && isObject(expected)) {
    return Object.fromEntries(
      Object.entries(actual).map(([name, value]) => [name, aligned(value, expected[name])]),
    );
  }
  return actual;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
