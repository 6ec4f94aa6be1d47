/**
 * Why there is no answer. `unreachable`: nothing came, or not in time. `forbidden`: the token may not. `refused`: the
 * question is wrong (400, 404). `limited`: too many (429). `failed`: the server's own fault.
 */
export type FaultKind = "unreachable" | "forbidden" | "refused" | "limited" | "failed";

/** Asking again by itself would not help: the reader has to. */
const FINAL: ReadonlySet<FaultKind> = new Set(["forbidden", "refused"]);

export class Fault extends Error {
  readonly kind: FaultKind;
  /** Milliseconds before which the server does not want to be asked again. */
  readonly retryAfter: number;

  constructor(kind: FaultKind, sentence: string, retryAfter = 0) {
    super(sentence);
    this.name = "Fault";
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  get isFinal(): boolean {
    return FINAL.has(this.kind);
  }
}

/** The fault that an answer other than 2xx tells of, in the server's own sentence when it has one. */
export async function faultOf(response: Response): Promise<Fault> {
  const sentence = (await sentenceOf(response)) ?? `The server answered with status ${response.status}`;
  return new Fault(kindOf(response.status), sentence, retryAfter(response.headers.get("retry-after")));
}

function kindOf(status: number): FaultKind {
  if (status === 401 || status === 403) return "forbidden";
  if (status === 429) return "limited";
  return status >= 400 && status < 500 ? "refused" : "failed";
}

async function sentenceOf(response: Response): Promise<string | null> {
  try {
    const { error } = (await response.json()) as { error?: unknown };
    return typeof error === "string" ? error : null;
  } catch {
    return null;
  }
}

/** Seconds only: the endpoints send no dates. */
function retryAfter(header: string | null): number {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}
