import { effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { Fault } from "./fault.ts";
import { nextPoll, nextTry } from "./pace.ts";

/**
 * Whether the page asks: `live` by itself, `still` (paused, frozen) only when the reader changes something, `hidden`
 * not at all.
 */
export type Pace = "live" | "still" | "hidden";

/** What a card knows. Rows and a fault together are an old answer; neither is the first wait. */
export interface Known<Row> {
  readonly rows: readonly Row[] | null;
  /** Milliseconds since 1970. */
  readonly answeredAt: number | null;
  readonly fault: Fault | null;
  /** The reader asked for something else, and its answer is not there yet. */
  readonly isChanging: boolean;
}

/** Clock, chance and timer, so that tests have their own. */
export interface World {
  now(): number;
  random(): number;
  /** Calls back after some milliseconds. @returns what undoes it */
  later(milliseconds: number, call: () => void): () => void;
}

export interface Resource<Row> {
  readonly known: ReadonlySignal<Known<Row>>;
  /** Asks at once, because the reader wants to. */
  refresh(): void;
}

export interface ResourceOptions<Row> {
  /** Equal as long as the reader changes nothing. */
  readonly question: ReadonlySignal<string>;
  readonly ask: (signal: AbortSignal) => Promise<readonly Row[]>;
  readonly every: number;
  readonly pace: ReadonlySignal<Pace>;
  readonly world: World;
}

/** A question that is asked again and again: ask, wait for the answer, wait, ask. Calls never overlap; the last question wins. */
export function createResource<Row>(options: ResourceOptions<Row>): Resource<Row> {
  const { question, ask, every, pace, world } = options;
  const known: Signal<Known<Row>> = signal({ rows: null, answeredAt: null, fault: null, isChanging: false });
  let running: AbortController | null = null;
  let failures = 0;
  let isWanted = true;
  let dueAt = 0;
  let forget = () => {};

  async function start(): Promise<void> {
    forget();
    running?.abort();
    const own = new AbortController();
    running = own;
    isWanted = false;
    const outcome = await ask(own.signal).then(answered, failed);
    if (running !== own) return;
    running = null;
    known.value = outcome();
    plan();
  }

  const answered = (rows: readonly Row[]) => () => {
    failures = 0;
    dueAt = world.now() + nextPoll(every, world.random());
    return { rows, answeredAt: world.now(), fault: null, isChanging: false };
  };

  const failed = (thrown: unknown) => () => {
    const fault = thrown instanceof Fault ? thrown : new Fault("failed", String(thrown));
    failures++;
    dueAt = fault.isFinal
      ? Number.POSITIVE_INFINITY
      : world.now() + nextTry(failures, every, fault.retryAfter, world.random());
    const { rows, answeredAt, isChanging } = known.peek();
    // Rows of another question are no answer to this one.
    return isChanging
      ? { rows: null, answeredAt: null, fault, isChanging: false }
      : { rows, answeredAt, fault, isChanging };
  };

  function plan(): void {
    forget();
    if (running !== null || pace.peek() === "hidden") return;
    if (isWanted) return void start();
    if (pace.peek() !== "live" || dueAt === Number.POSITIVE_INFINITY) return;
    forget = world.later(Math.max(0, dueAt - world.now()), () => void start());
  }

  effect(() => {
    question.value;
    untracked(() => {
      const { rows, fault } = known.peek();
      if (rows !== null || fault !== null) known.value = { ...known.peek(), fault: null, isChanging: true };
      failures = 0;
      isWanted = true;
      running?.abort();
      running = null;
      plan();
    });
  });
  effect(() => {
    pace.value;
    untracked(plan);
  });

  return {
    known,
    refresh() {
      failures = 0;
      if (pace.peek() !== "hidden") void start();
    },
  };
}
