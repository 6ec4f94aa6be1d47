import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { dataSources } from "../schema.generated.ts";
import { interaction } from "../sending/event.test-data.ts";
import * as types from "./column-types.ts";
import { rowIsWireForm, wireFormOf } from "./wire-form.ts";

const value = fc.oneof(
  fc.anything({ withDate: true, withBigInt: true }),
  fc.constantFrom<unknown>(
    "2026-01-01 00:00:00",
    "2026-02-30 00:00:00",
    "2026-01-01",
    "2026-01-01 00:00:00.123",
    "",
  ),
  fc.array(fc.string()),
  fc.integer({ min: -(2 ** 33), max: 2 ** 33 }),
);

describe("what is said to need no work", () => {
  it.each<[string, z.ZodType]>([
    ["String", types.string()],
    ["an identity", types.identity()],
    ["Int32", types.int32()],
    ["UInt64", types.uint64()],
    ["Float64", types.float()],
    ["Bool", types.boolean()],
    ["DateTime", types.dateTime()],
    ["DateTime64(3)", types.dateTime64(3)],
    ["Date", types.date()],
    ["Array(String)", types.array(types.string())],
    ["Nullable(Int8)", types.nullable(types.int8())],
    ["a column with a default", types.optional(types.string())],
    ["UUID, of which nothing is said", types.uuid()],
  ])("%s: the schema takes it and changes nothing", (_, type) => {
    const isWireForm = wireFormOf(type);
    fc.assert(
      fc.property(value, (one) => {
        if (isWireForm(one)) expect(type.safeParse(one)).toEqual({ success: true, data: one });
      }),
      { numRuns: 500 },
    );
  });

  const isWireForm = rowIsWireForm(dataSources.socialInteractions.row);
  it("an event as it travels is, with its identity or without", () => {
    expect([interaction(), interaction({ interaction_id: "e1" })].map(isWireForm)).toEqual([true, true]);
  });

  const { tags: _, ...withoutTags } = interaction();
  it.each<[string, unknown]>([
    ["a Date, which is printed", interaction({ timestamp: new Date(0) })],
    ["a field too many", { ...interaction(), likes: 1 }],
    ["a field too many in the place of one that is missing", { ...withoutTags, likes: 1 }],
    ["a field that is inherited", Object.create(interaction())],
    ["an object that prints itself", { ...interaction(), toJSON: () => "x" }],
    ["a list", [interaction()]],
    ["nothing", undefined],
    ["null", null],
  ])("not %s", (_, event) => expect(isWireForm(event)).toBe(false));
});
