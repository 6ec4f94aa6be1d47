import { describe, expect, it } from "vitest";
import { heldWords, newerThan } from "./held.ts";

const rows = (...ids: string[]) => ids.map((interaction_id) => ({ interaction_id }));

describe("a feed that is held", () => {
  it.each([
    [rows("b", "a"), rows("b", "a"), 0],
    [rows("b", "a"), rows("d", "c", "b"), 2],
    [rows("b", "a"), rows("f", "e"), 2],
    [rows(), rows("a"), 1],
  ])("%j beside %j: %s are new", (held, latest, count) => expect(newerThan(held, latest)).toBe(count));

  it.each([
    [0, "Held"],
    [7, "Held · 7 new"],
    [20, "Held · 20 or more new"],
  ])("with %s says %s", (waiting, words) => expect(heldWords(waiting)).toBe(words));
});
