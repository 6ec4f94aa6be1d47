import { describe, expect, it } from "vitest";
import { parseTemplate, renderTemplate } from "../index.ts";
import { reasonOf, refusalOf, sqlOf } from "../template.test-setup.ts";

describe("a setting", () => {
  it.each([
    ["{{max_threads(4)}}", "-- max_threads 4\n", { max_threads: 4 }],
    ["{{max_threads(1)}}{{max_threads(2)}}", "-- max_threads 1\n-- max_threads 2\n", { max_threads: 2 }],
    ["{{max_threads('x')}}", "-- max_threads: wrong argument x\n", {}],
    ["{{backend_hint('heavy')}}", "-- backend_hint heavy\n", { backend_hint: "heavy" }],
  ])("%s is a comment, and recorded", (template, sql, settings) => {
    expect(renderTemplate(parseTemplate(`%${template}`), { params: {} })).toMatchObject({ sql, settings });
  });

  it("keeps a hostile hint within its comment", () => {
    expect(sqlOf("{{backend_hint(h)}}SELECT 1", { h: "x\nSELECT 2 --" })).toBe(
      "-- backend_hint x SELECT 2 --\nSELECT 1",
    );
  });
});

describe("tb_secret", () => {
  const secrets = new Set(["salt"]);

  it("is a query parameter that the engine binds, and recorded", () => {
    const rendered = renderTemplate(parseTemplate("%{{tb_secret('salt')}}"), {
      params: { salt: "mine" },
      secrets,
    });
    expect(rendered).toMatchObject({ sql: "{salt: String}", secrets: ["salt"] });
  });

  it.each([
    ["{{tb_secret('other', 'x')}}", "'x'"],
    ["{{tb_secret('other', '')}}", "''"],
  ])("has a default: %s", (template, sql) => {
    expect(sqlOf(template, {}, { secrets })).toBe(sql);
  });

  it("that the workspace lacks is refused by name", () => {
    expect(reasonOf("{{tb_secret('other')}}", {}, { secrets })).toBe(
      "Cannot access secret 'other'. Check the secret exists in the Workspace and the token has the required scope.",
    );
  });
});

describe("what a pipe refuses itself", () => {
  it.each([
    ["{{error('no such network')}}", 400, "no such network", undefined],
    ["{{custom_error('gone', 410)}}", 410, "gone", undefined],
    [
      "{{custom_error({'error': 'gone', 'since': 2020}, 410)}}",
      410,
      undefined,
      { error: "gone", since: 2020 },
    ],
  ])("%s", (template, status, message, body) => {
    const refusal = refusalOf(template);
    expect(refusal.status).toBe(status);
    if (message !== undefined) expect(refusal.message).toBe(message);
    expect(refusal.body).toEqual(body);
  });

  it("is not reached in a branch that is not taken", () => {
    expect(sqlOf("{% if defined(x) %}{{error('no')}}{% end %}SELECT 1")).toBe("SELECT 1");
  });
});
