import { describe, expect, it } from "vitest";
import { type JsonStep, parseJsonPath } from "./json-path.ts";

const field = (name: string): JsonStep => ({ kind: "field", name });

describe("parseJsonPath", () => {
  it.each<[string, JsonStep[]]>([
    ["$", []],
    ["$.user.id", [field("user"), field("id")]],
    ["$.a-b.@type", [field("a-b"), field("@type")]],
    ["$['odd key'].b", [field("odd key"), field("b")]],
    ['$.["a.b"]', [field("a.b")]],
    ["$.tags[:]", [field("tags"), { kind: "each" }]],
    ["$.media[:].url", [field("media"), { kind: "each" }, field("url")]],
    ["$.first[12].x", [field("first"), { kind: "element", index: 12 }, field("x")]],
    ["$[:].id", [{ kind: "each" }, field("id")]],
  ])("reads %s", (text, steps) => {
    expect(parseJsonPath(text)).toEqual({ ok: true, path: { text, steps } });
  });

  it.each([
    ["user.id", "it must start with $"],
    ["", "it must start with $"],
    ["$user", "expected .name or [:] or [n], got 'user'"],
    ["$.", "expected .name or [:] or [n], got '.'"],
    ["$..id", "recursive descent (..) is not supported"],
    ["$.tags[*]", "wildcards are not supported, use [:] for every element of an array"],
    ["$.*", "wildcards are not supported, use [:] for every element of an array"],
    ["$.tags[1:3]", "the only slice that is supported is [:]"],
    ["$.tags[0,1]", "the only slice that is supported is [:]"],
    ["$.tags[-1]", "elements are counted from 0, negative ones are not supported"],
    ["$.tags[?(@.a)]", "filters are not supported"],
    ["$.tags[a]", "expected [:], [n] or ['name'], got '[a]'"],
    ["$.a[:].b[:]", "only one [:] is supported"],
  ])("refuses %j: %s", (text, reason) => {
    expect(parseJsonPath(text)).toEqual({ ok: false, message: `Invalid JSON path '${text}': ${reason}` });
  });
});
