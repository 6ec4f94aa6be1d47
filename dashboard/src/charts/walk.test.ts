import { describe, expect, it } from "vitest";
import { cellTo, stepTo } from "./walk.ts";

const press = (key: string, held: Partial<Record<"shiftKey" | "ctrlKey", boolean>> = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...held,
});

describe("keys on the timeline, from bucket 20 of 0 to 95", () => {
  it.each([
    [press("ArrowLeft"), 19],
    [press("ArrowRight"), 21],
    [press("ArrowLeft", { shiftKey: true }), 10],
    [press("ArrowRight", { shiftKey: true }), 30],
    [press("Home"), 0],
    [press("End"), 95],
    [press("Escape"), null],
    [press("x"), undefined],
    [press("ArrowLeft", { ctrlKey: true }), undefined],
  ])("%j leads to %s", (event, to) => expect(stepTo(event, 20, 95)).toBe(to));

  it.each([
    [press("ArrowLeft"), 96, 95],
    [press("ArrowRight"), 96, 95],
    [press("ArrowLeft"), 0, 0],
    [press("Escape"), 96, undefined],
  ])("%j from %s leads to %s: behind the end nothing is chosen", (event, from, to) => {
    expect(stepTo(event, from, 95)).toBe(to);
  });
});

describe("keys on the heatmap, seven rows of 24", () => {
  it.each([
    ["ArrowRight", 30, 31],
    ["ArrowLeft", 30, 29],
    ["ArrowUp", 30, 6],
    ["ArrowDown", 30, 54],
    ["ArrowLeft", 24, 24],
    ["ArrowRight", 23, 23],
    ["ArrowUp", 5, 5],
    ["ArrowDown", 167, 167],
    ["Home", 30, 24],
    ["End", 30, 47],
    ["Escape", 30, undefined],
  ])("%s from %s leads to %s", (key, from, to) => expect(cellTo(press(key), from, 24, 168)).toBe(to));
});
