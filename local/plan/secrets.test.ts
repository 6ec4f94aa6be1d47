import { expect, it } from "vitest";
import { bindSecrets } from "./secrets.ts";

const VALUES = new Map([
  ["salt", "it's"],
  ["key", "{salt: String}"],
]);
const bound = (sql: string, names = [...VALUES.keys()]) =>
  bindSecrets(sql, names, (name) => VALUES.get(name) ?? null);

it.each([
  ["SELECT {salt: String}", "SELECT 'it\\'s'"],
  ["SELECT {salt:String}, { salt : String }", "SELECT 'it\\'s', 'it\\'s'"],
  ["SELECT {key: String}", "SELECT '{salt: String}'"],
  ["SELECT '{salt: String}'", "SELECT '{salt: String}'"],
  ["SELECT 1 -- {salt: String}", "SELECT 1 -- {salt: String}"],
  ["SELECT {other: String}", "SELECT {other: String}"],
  ["SELECT {salt: UInt8}", "SELECT {salt: UInt8}"],
])("binds the parameters that are secrets, and nothing else: %s", (sql, expected) => {
  expect(bound(sql)).toBe(expected);
});

it("binds only the secrets that the template used", () => {
  expect(bound("SELECT {salt: String}, {key: String}", ["key"])).toBe(
    "SELECT {salt: String}, '{salt: String}'",
  );
});
