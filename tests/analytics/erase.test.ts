import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { erase } from "../../scripts/commands/erase.ts";
import { startTarget, type Target } from "../target.ts";
import { answer, answerText, send } from "./answers.ts";
import { generate, type Row } from "./generate.ts";
import { moment } from "./reference/zone.ts";

const USER = "o'malley\\ü";
const FROM = moment("2025-03-27 12:00:00");
const AS_OF = "2025-03-31 00:17:29";
const others = generate(3, 300, FROM, moment(AS_OF));
const own: Row[] = generate(4, 40, FROM, moment(AS_OF)).map((row) => ({ ...row, user_id: USER }));
const bad = JSON.stringify({ ...own[0], interaction_id: "bad", timestamp: "never" });

const folder = mkdtempSync(join(tmpdir(), "erase-"));
const audit = join(folder, "erasures.ndjson");
let target: Target;
let before: string;

const run = (user: string, dryRun = false) =>
  erase({ user, audit, dryRun }, { host: target.url, token: target.token }, () => new Date(0));
const totals = () => answerText(target, "breakdown", { dimension: "user", top_n: 100, as_of: AS_OF });

beforeAll(async () => {
  target = await startTarget({ fixtures: false });
  await send(target, others);
  before = await totals();
  await send(target, own);
  await send(target, own);
  await target.post("/v0/events?name=social_interactions&wait=true", bad);
});

afterAll(async () => {
  await target.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.sequential("erase", () => {
  it("removes nothing in a dry run", async () => {
    expect(await run(USER, true)).toBe(0);
    expect(await answer(target, "user_export", { user_id: USER })).not.toEqual([]);
  });

  it("removes every row of the user from every table", async () => {
    expect(await run(USER)).toBe(0);
    expect(await answer(target, "user_export", { user_id: USER })).toEqual([]);
  });

  it("leaves everybody else as they were before the user came", async () => {
    expect(await totals()).toBe(before);
  });

  it("notes what it did without naming the user", () => {
    const text = readFileSync(audit, "utf8");
    expect(text).not.toContain("malley");
    const { rows, ...line } = JSON.parse(text) as { rows: Record<string, number> };
    expect(line).toEqual({
      erased_at: "1970-01-01T00:00:00.000Z",
      user_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      remaining_rows: 0,
    });
    expect(rows).toMatchObject({ social_interactions: 80, social_interactions_quarantine: 1 });
    expect(rows.interactions_by_time).toBeGreaterThanOrEqual(40);
  });

  it("finds nobody of a name that only looks alike", async () => {
    expect(await run("%")).toBe(0);
    expect(await totals()).toBe(before);
  });
});
