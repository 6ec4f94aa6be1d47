import { expect, it } from "vitest";
import { redacted, redactedUrl } from "./redact.ts";

const TOKEN = "p.eyJ1IjoiYSJ9.c2lnbmF0dXJl";
const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJuYW1lIjoiYSJ9.c2lnbmF0dXJl";

it.each([
  ["a token in the query", `/v0/sql?token=${TOKEN}&q=SELECT+1`, "/v0/sql?token=***&q=SELECT+1"],
  ["a token of any form in the query", "/v0/sql?token=secret", "/v0/sql?token=***"],
  ["a token in the path", `/v0/tokens/${TOKEN}/refresh`, "/v0/tokens/***/refresh"],
  ["nothing", "/v0/pipes/top.json?limit=3", "/v0/pipes/top.json?limit=3"],
])("takes %s out of a URL", (_, url, expected) => {
  expect(redactedUrl(new URL(url, "http://127.0.0.1:7181"))).toBe(expected);
});

it.each([TOKEN, JWT])("takes %s out of a text", (token) => {
  expect(redacted(`before ${token} after`)).toBe("before *** after");
});
