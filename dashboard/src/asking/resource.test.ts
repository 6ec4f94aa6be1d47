import { type Signal, signal } from "@preact/signals-core";
import { describe, expect, it } from "vitest";
import { Fault } from "./fault.ts";
import { createResource, type Pace, type Resource } from "./resource.ts";

const EVERY = 15_000;

interface Ask {
  readonly signal: AbortSignal;
  answer(rows: readonly number[]): Promise<void>;
  fail(fault: Fault): Promise<void>;
}

interface Bench {
  readonly resource: Resource<number>;
  readonly question: Signal<string>;
  readonly pace: Signal<Pace>;
  readonly asks: Ask[];
  /** Milliseconds to the next question; null when none is planned. */
  wait(): number | null;
  pass(milliseconds: number): void;
}

/** A resource with a clock that only moves when told, and questions that are answered by hand. */
function bench(first: Pace = "live"): Bench {
  let now = 0;
  let timer: { at: number; call: () => void } | null = null;
  const asks: Ask[] = [];
  const question = signal("a");
  const pace = signal<Pace>(first);
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const resource = createResource<number>({
    question,
    pace,
    every: EVERY,
    ask: (abort) =>
      new Promise((resolve, reject) => {
        asks.push({
          signal: abort,
          answer(rows) {
            resolve(rows);
            return settled();
          },
          fail(fault) {
            reject(fault);
            return settled();
          },
        });
      }),
    world: {
      now: () => now,
      random: () => 0.5,
      later(milliseconds, call) {
        const own = { at: now + milliseconds, call };
        timer = own;
        return () => {
          if (timer === own) timer = null;
        };
      },
    },
  });
  return {
    resource,
    question,
    pace,
    asks,
    wait: () => (timer === null ? null : timer.at - now),
    pass(milliseconds) {
      now += milliseconds;
      if (timer === null || timer.at > now) return;
      const { call } = timer;
      timer = null;
      call();
    },
  };
}

describe("a question that is asked again and again", () => {
  it("waits for the answer before it waits for the next time", async () => {
    const { asks, wait, pass, resource } = bench();
    expect([asks.length, wait()]).toEqual([1, null]);
    await asks[0]?.answer([1]);
    expect([resource.known.value.rows, wait()]).toEqual([[1], EVERY]);
    pass(EVERY);
    expect(asks).toHaveLength(2);
  });

  it("marks nothing while it polls", async () => {
    const { asks, pass, resource } = bench();
    await asks[0]?.answer([1]);
    pass(EVERY);
    expect(resource.known.value).toMatchObject({ rows: [1], isChanging: false, fault: null });
  });

  it("ends the running request when the reader asks for something else, and the last question wins", async () => {
    const { asks, question, resource } = bench();
    await asks[0]?.answer([1]);
    question.value = "b";
    question.value = "c";
    expect([asks[1]?.signal.aborted, resource.known.value.isChanging]).toEqual([true, true]);
    await asks[1]?.answer([2]);
    expect(resource.known.value.rows).toEqual([1]);
    await asks[2]?.answer([3]);
    expect(resource.known.value).toMatchObject({ rows: [3], isChanging: false });
  });

  it("keeps the old rows beside a fault, and tries again later and later", async () => {
    const { asks, pass, wait, resource } = bench();
    await asks[0]?.answer([1]);
    pass(EVERY);
    await asks[1]?.fail(new Fault("failed", "The engine is restarting"));
    expect(resource.known.value.rows).toEqual([1]);
    expect([resource.known.value.fault?.message, wait()]).toEqual(["The engine is restarting", 5000]);
    pass(5000);
    await asks[2]?.fail(new Fault("failed", "still"));
    expect(wait()).toBe(10_000);
  });

  it("shows no rows of another question beside a fault", async () => {
    const { asks, question, resource } = bench();
    await asks[0]?.answer([1]);
    question.value = "b";
    await asks[1]?.fail(new Fault("failed", "no"));
    expect(resource.known.value.rows).toBeNull();
  });

  it.each(["forbidden", "refused"] as const)("stops when it is %s, until the reader asks", async (kind) => {
    const { asks, wait, resource } = bench();
    await asks[0]?.fail(new Fault(kind, "no"));
    expect(wait()).toBeNull();
    resource.refresh();
    expect(asks).toHaveLength(2);
  });

  it("asks nothing in a hidden tab, and at once what is due when it is seen again", async () => {
    const { asks, pace, pass } = bench("hidden");
    expect(asks).toHaveLength(0);
    pace.value = "live";
    await asks[0]?.answer([1]);
    pace.value = "hidden";
    pass(2 * EVERY);
    expect(asks).toHaveLength(1);
    pace.value = "live";
    pass(0);
    expect(asks).toHaveLength(2);
  });

  it("asks once on a page that stands still, and again only for the reader", async () => {
    const { asks, wait, question } = bench("still");
    await asks[0]?.answer([1]);
    expect(wait()).toBeNull();
    question.value = "b";
    expect(asks).toHaveLength(2);
  });
});
