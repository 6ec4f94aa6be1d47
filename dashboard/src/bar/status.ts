import type { Fault } from "../asking/fault.ts";
import { age } from "../format/age.ts";
import { localText, spoken } from "../format/moment.ts";

/** What the top bar's state is told from. */
export interface Observed {
  readonly isPaused: boolean;
  readonly asOf: string | null;
  readonly timezone: string;
  /** One a card; null where all is well. */
  readonly faults: readonly (Fault | null)[];
  /** Milliseconds since 1970 of the latest answer of any card, null before the first. */
  readonly lastAnswer: number | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Status {
  readonly kind: "live" | "waiting" | "paused" | "frozen" | "partly" | "offline" | "forbidden";
  /** For everyone; readers hear it again only when it changes. */
  readonly words: string;
  /** What changes each second, and is therefore only seen. */
  readonly counting?: string;
}

/** The one sentence that holds: what the reader chose, then what is wrong, then that all is well. */
export function statusOf(observed: Observed): Status {
  const { isPaused, asOf, timezone, faults, lastAnswer, now } = observed;
  const failing = faults.filter((fault) => fault !== null);
  if (failing.length === faults.length && faults.length > 0) return allFailing(failing, lastAnswer, now);
  if (asOf !== null) return { kind: "frozen", words: `Frozen at ${frozenAt(asOf, timezone)}` };
  if (isPaused) return { kind: "paused", words: "Paused" };
  if (failing.length > 0)
    return { kind: "partly", words: `${failing.length} of ${faults.length} not answering` };
  return lastAnswer === null ? { kind: "waiting", words: "Loading" } : { kind: "live", words: "Live" };
}

function allFailing(faults: readonly Fault[], lastAnswer: number | null, now: number): Status {
  if (faults.every(({ kind }) => kind === "forbidden"))
    return { kind: "forbidden", words: "This link may not read this" };
  if (lastAnswer === null) return { kind: "offline", words: "No answer yet" };
  return {
    kind: "offline",
    words: "Not answering.",
    counting: `Last answer ${age((now - lastAnswer) / 1000)} ago`,
  };
}

function frozenAt(asOf: string, timezone: string): string {
  return spoken(localText(new Date(`${asOf}Z`), timezone));
}
