import { describe, expect, it } from "vitest";
import { actionOf } from "./keys.ts";

const press = (
  key: string,
  held: Partial<Record<"ctrlKey" | "altKey" | "metaKey" | "shiftKey", boolean>> = {},
) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...held,
});
const BODY = { isInput: false, isButton: false };

describe("keys of the page", () => {
  it.each([
    ["1", { do: "range", range: "1h" }],
    ["5", { do: "range", range: "30d" }],
    ["x", { do: "compare" }],
    ["X", { do: "compare" }],
    ["t", { do: "board" }],
    [" ", { do: "pause" }],
    ["r", { do: "refresh" }],
    ["d", { do: "theme" }],
    ["Escape", { do: "clear" }],
    ["?", { do: "help" }],
    ["6", null],
    ["q", null],
    ["toString", null],
  ])("%s", (key, action) => expect(actionOf(press(key), BODY, true)).toEqual(action));

  it.each(["ctrlKey", "altKey", "metaKey"] as const)("are the browser's with %s", (held) => {
    expect(actionOf(press("r", { [held]: true }), BODY, true)).toBeNull();
  });

  it("are the input's in an input", () => {
    expect(actionOf(press("x"), { isInput: true, isButton: false }, true)).toBeNull();
  });

  it("leave Space to a button, and nothing else", () => {
    const place = { isInput: false, isButton: true };
    expect([actionOf(press(" "), place, true), actionOf(press("x"), place, true)]).toEqual([
      null,
      { do: "compare" },
    ]);
  });

  it("can be switched off, but for Escape", () => {
    expect(actionOf(press("x"), BODY, false)).toBeNull();
    expect(actionOf(press("Escape"), BODY, false)).toEqual({ do: "clear" });
  });
});
