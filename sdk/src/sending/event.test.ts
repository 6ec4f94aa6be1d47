import { describe, expect, it } from "vitest";
import { InvalidEventError } from "../errors.ts";
import { dataSources } from "../schema.generated.ts";
import { interaction } from "./event.test-data.ts";
import { createEncoder } from "./event.ts";

const encoder = (validate = true) => createEncoder(dataSources.socialInteractions, validate, () => "made-id");
const wire = (event: unknown, validate = true): unknown => JSON.parse(encoder(validate)(event).line);
const errorOf = (event: unknown, validate = true): unknown => {
  try {
    return encoder(validate)(event);
  } catch (error) {
    return error;
  }
};

describe("an event", () => {
  it("travels as one line of JSON with the columns of the data source", () => {
    const event = interaction({ interaction_id: "e1", text_content: "two\nlines", timestamp: new Date(0) });
    const { line, bytes } = encoder()(event);
    expect(line).not.toContain("\n");
    expect(bytes).toBe(line.length + 1);
    expect(JSON.parse(line)).toEqual({ ...event, timestamp: "1970-01-01 00:00:00" });
  });

  it("counts its bytes in UTF-8", () => {
    const { line, bytes } = encoder()(interaction({ text_content: "héé 🎉" }));
    expect(bytes).toBe(new TextEncoder().encode(line).length + 1);
  });

  it.each([true, false])("gets an id when it has none, and stays as it was (validate: %s)", (validate) => {
    const event = Object.freeze(interaction());
    expect(wire(event, validate)).toMatchObject({ interaction_id: "made-id" });
    expect(event).not.toHaveProperty("interaction_id");
  });

  it.each([true, false])("keeps the id it has (validate: %s)", (validate) => {
    expect(wire(interaction({ interaction_id: "mine" }), validate)).toMatchObject({ interaction_id: "mine" });
  });

  const { tags: _, ...withoutTags } = interaction();
  it.each<[string, unknown, string, string, string]>([
    ["a missing field", withoutTags, "tags", "an array", "nothing"],
    [
      "a number as text",
      { ...interaction(), engagement_count: "5" },
      "engagement_count",
      "an integer",
      '"5"',
    ],
    ["half a number", { ...interaction(), engagement_count: 0.5 }, "engagement_count", "an integer", "0.5"],
    [
      "a number beyond Int32",
      { ...interaction(), engagement_count: 2 ** 31 },
      "engagement_count",
      "2147483647",
      "2147483648",
    ],
    [
      "a date that does not exist",
      { ...interaction(), timestamp: "2026-02-30 00:00:00" },
      "timestamp",
      "YYYY-MM-DD",
      "2026-02-30",
    ],
    [
      "an invalid Date",
      { ...interaction(), timestamp: new Date("x") },
      "timestamp",
      "a Date",
      "an invalid Date",
    ],
    ["a number for a date", { ...interaction(), timestamp: 1 }, "timestamp", "a Date", "the number 1"],
    ["a tag that is no text", { ...interaction(), tags: ["a", 2] }, "tags[1]", "a string", "the number 2"],
    ["null", { ...interaction(), user_id: null }, "user_id", "a string", "null"],
    ["an empty id", { ...interaction(), interaction_id: "" }, "interaction_id", "not empty", '""'],
    ["a field too many", { ...interaction(), likes: 1 }, "likes", "no such field", "the number 1"],
    ["a list", [interaction()], "event", "an object", "an array of 1"],
    ["nothing", undefined, "event", "an object", "nothing"],
  ])("with %s is refused: field, what was expected, what came", (_, event, field, expected, received) => {
    const error = errorOf(event);
    expect(error).toBeInstanceOf(InvalidEventError);
    expect(error).toMatchObject({ code: "INVALID_EVENT", field });
    expect(error).toHaveProperty("expected", expect.stringContaining(expected));
    expect(error).toHaveProperty("received", expect.stringContaining(received));
    expect(error).toHaveProperty("message", expect.stringContaining(field));
  });

  it("with several faults names all of them", () => {
    const error = errorOf({ ...interaction(), platform: 1, tags: "a" });
    expect(error).toHaveProperty("issues", [
      expect.objectContaining({ field: "platform" }),
      expect.objectContaining({ field: "tags" }),
    ]);
  });

  it("is sent as given without validation, dates apart", () => {
    const given = { user_id: 7, extra: null, timestamp: new Date(0), interaction_id: "e1" };
    expect(wire(given, false)).toEqual({ ...given, timestamp: "1970-01-01 00:00:00" });
  });

  it.each<[string, unknown]>([
    ["a bigint", { n: 1n }],
    ["a function", () => 1],
    ["nothing", undefined],
  ])("that JSON cannot hold is refused also without validation: %s", (_, event) => {
    expect(errorOf(event, false)).toBeInstanceOf(InvalidEventError);
  });
});
