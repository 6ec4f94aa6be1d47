import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { linkedTo } from "./abort.ts";
import { interaction } from "./sending/event.test-data.ts";
import { connect } from "./testing/client.test-setup.ts";

describe("a linked signal", () => {
  it.each([[0], [1]])("is aborted with the reason of either of the others, %s", (which) => {
    const others = [new AbortController(), new AbortController()];
    const { signal } = linkedTo(...others.map((one) => one.signal));
    expect(signal.aborted).toBe(false);
    others[which]?.abort("enough");
    expect(signal.reason).toBe("enough");
  });

  it("is aborted at once where one of the others was", () => {
    expect(linkedTo(undefined, AbortSignal.abort("before")).signal.reason).toBe("before");
  });

  it("lets go of the others", () => {
    const other = new AbortController();
    const { signal, unlink } = linkedTo(other.signal);
    unlink();
    other.abort();
    expect(signal.aborted).toBe(false);
  });
});

describe("a signal of the caller, used for many calls", () => {
  const json = JSON.stringify({
    data: [],
    meta: [],
    rows: 0,
    statistics: { elapsed: 0, rows_read: 0, bytes_read: 0 },
  });

  it("is left without listeners by each kind of call", async () => {
    const { signal } = new AbortController();
    const { client, events } = await connect({ answer: () => ({ status: 200, body: json }) });
    events.send(interaction());
    await events.ready({ signal });
    await events.flush({ signal });
    await events.sendAll([interaction()], { signal });
    await client.trendingContent({}, { signal });
    await new Response(await client.trendingContent.csv({}, { signal })).text();
    await (await client.trendingContent.csv({}, { signal })).cancel();
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});
