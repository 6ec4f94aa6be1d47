import type { SocialInteraction } from "@social-interactions/sdk";
import { splitLines } from "./ndjson.ts";

export type LineEvents = {
  /** The events, in order; a line that cannot be read is reported and left out. */
  readonly events: AsyncIterable<SocialInteraction>;
  /** Number of the line of the latest event. */
  readonly line: () => number;
  /** Lines that were left out. */
  readonly unreadable: () => number;
  /** Lines taken so far. */
  readonly taken: () => number;
};

/** Reads events from NDJSON, one line in memory at a time. */
export function eventsOf(
  pieces: AsyncIterable<Uint8Array>,
  options: { onUnreadable: (line: number, reason: string) => void; onBytes?: (bytes: number) => void },
): LineEvents {
  const count = { line: 0, unreadable: 0, taken: 0 };
  async function* events(): AsyncGenerator<SocialInteraction> {
    for await (const line of splitLines(pieces, options)) {
      const read = line.ok ? parse(line.text) : line;
      if (read.ok) {
        count.line = line.number;
        count.taken++;
        // The client checks the event at run time; with --no-validate the service does.
        yield read.value as SocialInteraction;
      } else {
        count.unreadable++;
        options.onUnreadable(line.number, read.reason);
      }
    }
  }
  return {
    events: events(),
    line: () => count.line,
    unreadable: () => count.unreadable,
    taken: () => count.taken,
  };
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, reason: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
