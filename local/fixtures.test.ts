import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalServer, startLocal } from "./start.ts";

const FROZEN = new Date("2026-01-02T03:04:05.678Z");

const project = mkdtempSync(join(tmpdir(), "tb-embedded-fixtures-"));
let server: LocalServer;

beforeAll(async () => {
  mkdirSync(join(project, "fixtures"));
  const schema =
    "TOKEN app APPEND\n\nSCHEMA >\n    `id` String `json:$.id`\n\nENGINE MergeTree\nENGINE_SORTING_KEY id\n";
  for (const name of ["events", "others"]) writeFileSync(join(project, `${name}.datasource`), schema);
  writeFileSync(join(project, "fixtures/events.ndjson"), '{"id":"a"}\n{"id":"b"}\n');
  writeFileSync(join(project, "fixtures/others.csv"), "c\n");
  server = await startLocal({ port: 0, project, fixtures: true, frozenAt: FROZEN });
});

afterAll(async () => {
  await server.close();
  rmSync(project, { recursive: true, force: true });
});

async function sql(q: string): Promise<string> {
  const headers = { authorization: `Bearer ${server.tokens.workspace_admin_token}` };
  return (await fetch(`${server.url}/v0/sql?q=${encodeURIComponent(q)}`, { headers })).text();
}

const both = () => sql("SELECT id FROM (SELECT id FROM events UNION ALL SELECT id FROM others) ORDER BY id");

async function post(id: string): Promise<void> {
  const headers = { authorization: `Bearer ${server.tokenNamed("app")}` };
  await fetch(`${server.url}/v0/events?name=events`, {
    method: "POST",
    headers,
    body: JSON.stringify({ id }),
  });
}

describe("a server for tests", () => {
  it("starts with the fixtures of the project", async () => {
    expect(await both()).toBe("a\nb\nc\n");
  });

  it("is emptied by reset, with what was acknowledged and not written yet", async () => {
    await post("late");
    await server.reset();
    expect(await both()).toBe("");
  });

  it("is back to its fixtures by reset", async () => {
    await post("more");
    await server.reset("fixtures");
    expect(await both()).toBe("a\nb\nc\n");
  });

  it("has one moment for now()", async () => {
    expect(await sql("SELECT now('UTC'), today()")).toBe("2026-01-02 03:04:05\t2026-01-02\n");
  });

  it("knows the tokens of TOKEN lines, and no others", () => {
    expect([server.tokenNamed("app")?.slice(0, 2), server.tokenNamed("nobody")]).toEqual(["p.", null]);
  });

  it("does not start on fixtures that do not fit", async () => {
    writeFileSync(join(project, "fixtures/events.ndjson"), '{"nothing":1}\n');
    await expect(startLocal({ port: 0, project, fixtures: true })).rejects.toThrow(
      /fixtures\/events\.ndjson was not loaded: 1 rows do not fit/,
    );
  });
});
