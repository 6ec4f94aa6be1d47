import { describe, expect, it } from "vitest";
import { asker } from "./ask.ts";
import { tokenSource } from "./token.ts";

const QUERY = { pipe: "live_pulse", params: { minutes: "30" } };

/** A server that gives numbered tokens and answers the endpoint with these statuses, one after the other. */
function server(...statuses: (readonly [status: number, body?: object, headers?: Record<string, string>])[]) {
  const seen: { url: string; token: string | null }[] = [];
  let tokens = 0;
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = String(input);
    if (url === "/dashboard/token")
      return Response.json({ token: `t${++tokens}`, expires_in: 600, host: "" });
    seen.push({ url, token: new Headers(init?.headers).get("authorization") });
    const [status, body = {}, headers = {}] = statuses.shift() ?? [200];
    return Response.json(body, { status, headers });
  };
  let now = 0;
  const ask = asker(
    fetch,
    tokenSource(fetch, () => now),
  );
  return {
    seen,
    ask: () => ask(QUERY, "json"),
    tokens: () => tokens,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe("asking an endpoint", () => {
  it("sends the token as a header and never in the address", async () => {
    const { ask, seen } = server();
    await ask();
    expect(seen).toEqual([{ url: "/v0/pipes/live_pulse.json?minutes=30", token: "Bearer t1" }]);
  });

  it("asks for one token, however many cards begin at once", async () => {
    const { ask, tokens } = server();
    await Promise.all([ask(), ask(), ask()]);
    expect(tokens()).toBe(1);
  });

  it("asks for a new token before the old one ends", async () => {
    const { ask, tokens, pass } = server();
    await ask();
    pass(571_000);
    await ask();
    expect(tokens()).toBe(2);
  });

  it("asks once more with a new token when it is forbidden, and then no more", async () => {
    const { ask, seen } = server([403], [403, { error: "No" }]);
    await expect(ask()).rejects.toMatchObject({ kind: "forbidden", message: "No", isFinal: true });
    expect(seen.map(({ token }) => token)).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it.each([
    [400, "refused", true],
    [404, "refused", true],
    [429, "limited", false],
    [500, "failed", false],
    [503, "failed", false],
  ])("takes %s as %s; final: %s", async (status, kind, isFinal) => {
    const { ask } = server([status, { error: "Because" }, { "retry-after": "7" }]);
    await expect(ask()).rejects.toMatchObject({ kind, message: "Because", isFinal, retryAfter: 7000 });
  });
});
