import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { dataSources } from "../schema.generated.ts";
import { interaction } from "../sending/event.test-data.ts";
import * as types from "./column-types.ts";
import { wireFormOf, wireRow } from "./wire-form.ts";

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
    const { isWireForm } = wireFormOf(type);
    fc.assert(
      fc.property(value, (one) => {
        if (isWireForm(one)) expect(type.safeParse(one)).toEqual({ success: true, data: one });
      }),
      { numRuns: 500 },
    );
  });

  const asWireRow = wireRow(dataSources.socialInteractions.row);

  it.each([interaction(), interaction({ interaction_id: "e1" })])(
    "an event as it travels is, %#",
    (event) => {
      expect(asWireRow(event)).toBe(event);
    },
  );

  it("a Date is printed in a copy, as zod prints it", () => {
    fc.assert(
      fc.property(fc.date(), (timestamp) => {
        const event = Object.freeze(interaction({ timestamp }));
        const { success, data } = dataSources.socialInteractions.row.safeParse(event);
        expect(asWireRow(event)).toEqual(success ? data : undefined);
      }),
    );
  });

  it("a Date that the column cannot hold is not dropped, also where the column may be left out", () => {
    const row = z.strictObject({ at: types.optional(types.dateTime()) });
    expect(wireRow(row)({ at: new Date(Number.NaN) })).toBeUndefined();
    expect(wireRow(row)({ at: new Date(0) })).toEqual({ at: "1970-01-01 00:00:00" });
  });

  const { tags: _, ...withoutTags } = interaction();
  it.each<[string, unknown]>([
    ["a field too many", { ...interaction(), likes: 1 }],
    ["a field too many in the place of one that is missing", { ...withoutTags, likes: 1 }],
    ["a field that is inherited", Object.create(interaction())],
    ["an object that prints itself", { ...interaction(), toJSON: () => "x" }],
    ["a hole in an array", { ...interaction(), tags: Array(1) }],
    ["a list", [interaction()]],
    ["nothing", undefined],
    ["null", null],
  ])("not %s", (_, event) => expect(asWireRow(event)).toBeUndefined());
});
