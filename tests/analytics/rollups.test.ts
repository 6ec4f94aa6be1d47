import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTarget, type Target } from "../target.ts";
import { aligned, answer, answerText, send } from "./answers.ts";
import { COMPUTATIONS } from "./calls.ts";
import { generate, type Row } from "./generate.ts";
import { counted, type Params } from "./reference/rows.ts";
import { moment, utcText } from "./reference/zone.ts";

/** Forty days, of which one run counts 31. */
const FROM = moment("2025-02-19 00:00:00");
const AS_OF = moment("2025-03-31 05:17:29");
const rows = generate(40, 6_000, FROM, AS_OF);
/** Rows that come after the count: of days that were counted, some in time for a window of 48 hours. */
const late = generate(41, 60, FROM, AS_OF).concat(generate(42, 60, AS_OF - 40 * 3600, AS_OF));
/** Rows that are sent again with more engagement. */
const raised = rows
  .filter((row, i) => i % 50 === 0 && row.engagement_count < 1_000)
  .map((row) => ({ ...row, engagement_count: row.engagement_count + 7 }));

const WHOLE = { hours_back: 33 * 24 };
const LONG: readonly (readonly [string, Params])[] = [
  ["trending_content", { ...WHOLE }],
  ["trending_content", { hours_back: 49, min_interactions: 1, rank_by: "z" }],
  ["trending_content", { hours_back: 100, min_interactions: 2, rank_by: "decay", half_life_hours: 90 }],
  ["trending_content", { ...WHOLE, rank_by: "hot", platform: "TikTok,twitter", limit: 7, offset: 2 }],
  ["trending_content", { hours_back: 27 * 24, rank_by: "gravity", exclude_platform: "youtube" }],
  ["trending_content", { ...WHOLE, rank_by: "velocity", interaction_type: "like" }],
  ["platform_engagement", {}],
  [
    "platform_engagement",
    { since: "2025-03-03 07:31:00", until: "2025-03-29 22:00:01", compare: "previous" },
  ],
  [
    "platform_engagement",
    { compare: "previous_weekday", platform: "twitter,tiktok", exclude_interaction_type: "post" },
  ],
  ["platform_engagement", { since: "2025-03-20 00:00:00", user_id: "user_loud" }],
  ["interactions_by_platform", { compare: "previous" }],
  [
    "interactions_by_platform",
    { start_date: "2025-03-01 00:00:00", end_date: "2025-03-28 23:59:59", platform_filter: "Twitter" },
  ],
  ["engagement_timeseries", { compare: "previous", since: "2025-03-11 05:00:00" }],
  ["engagement_timeseries", { bucket: "day", timezone: "Europe/Berlin" }],
  ["engagement_timeseries", { bucket: "day", timezone: "Asia/Kathmandu" }],
  [
    "engagement_timeseries",
    { bucket: "hour", split_by: "type", since: "2025-03-28 11:59:59", interaction_type: "like,share" },
  ],
  [
    "engagement_timeseries",
    { bucket: "week", split_by: "platform", timezone: "America/New_York", compare: "previous" },
  ],
  ["engagement_timeseries", { bucket: "15minute", since: "2025-03-28 20:00:00" }],
  ["best_time_heatmap", { timezone: "Europe/Berlin" }],
  ["best_time_heatmap", { since: "2025-03-01 10:20:30", platform: "youtube" }],
];
const SHORT: readonly (readonly [string, Params])[] = [
  ["trending_content", { hours_back: 48, min_interactions: 1 }],
  ["platform_engagement", { since: "2025-03-29 05:17:30", compare: "previous" }],
  ["engagement_timeseries", { since: "2025-03-29 05:17:30", timezone: "Europe/Berlin" }],
];

let target: Target;

const asked = (params: Params) => ({ ...params, as_of: utcText(AS_OF) });
const fromRows = async ([pipe, params]: (typeof LONG)[number]) =>
  (await answerText(target, pipe, asked({ ...params, grain: "raw" }))).split("\n");
const fromRollups = async ([pipe, params]: (typeof LONG)[number]) =>
  (await answerText(target, pipe, asked(params))).split("\n");

async function count(): Promise<void> {
  for (const copy of ["count_content", "count_activity"]) {
    const response = await target.post(
      `/v0/pipes/${copy}/copy?as_of=${encodeURIComponent(utcText(AS_OF))}`,
      "",
    );
    const { job } = (await response.json()) as { job: { job_id: string } };
    await expect.poll(() => statusOf(job.job_id), { timeout: 20_000 }).not.toBe("working");
    expect(await statusOf(job.job_id)).toBe("done");
  }
}

async function statusOf(job: string): Promise<unknown> {
  return ((await (await target.get(`/v0/jobs/${job}`)).json()) as { status: unknown }).status;
}

async function through(): Promise<unknown> {
  const sql = "SELECT target, toString(through) AS moment FROM counted_through ORDER BY target FORMAT JSON";
  const response = await target.get(`/v0/sql?q=${encodeURIComponent(sql)}`);
  return ((await response.json()) as { data: unknown }).data;
}

beforeAll(async () => {
  target = await startTarget({ fixtures: false });
  await send(target, rows);
});

afterAll(async () => {
  await target.close();
});

function expected(pipe: string, params: Params, sent: readonly Row[]) {
  return COMPUTATIONS[pipe]?.(counted(sent), params, AS_OF) ?? [];
}

describe.sequential("answers from rollups", () => {
  it.each(LONG)("before anything is counted, are those of the rows: %s %j", async (...call) => {
    const [pipe, params] = call;
    expect(aligned(await answer(target, pipe, asked(params)), expected(pipe, params, rows))).toEqual(
      expected(pipe, params, rows),
    );
    expect(await fromRollups(call)).toEqual(await fromRows(call));
  });

  it("a run counts the 31 oldest days", async () => {
    await count();
    expect(await through()).toEqual([
      { target: "activity", moment: "2025-03-22 00:00:00" },
      { target: "content", moment: "2025-03-22 00:00:00" },
    ]);
  });

  it.each(LONG)("with a part of the days counted, are those of the rows: %s %j", async (...call) => {
    expect(await fromRollups(call)).toEqual(await fromRows(call));
  });

  it("the next run counts the rest, up to the hour before that of as_of", async () => {
    await count();
    expect(await through()).toEqual([
      { target: "activity", moment: "2025-03-31 04:00:00" },
      { target: "content", moment: "2025-03-31 04:00:00" },
    ]);
  });

  it.each(LONG)("with everything counted, are those of the rows: %s %j", async (...call) => {
    expect(await fromRollups(call)).toEqual(await fromRows(call));
  });

  it("rows that come late change windows up to 48 hours at once", async () => {
    await send(target, late);
    await send(target, raised);
    for (const [pipe, params] of SHORT) {
      const wanted = expected(pipe, params, [...rows, ...late, ...raised]);
      expect(aligned(await answer(target, pipe, asked(params)), wanted)).toEqual(wanted);
    }
  });

  it("and longer ones after the next runs, which count those days again", async () => {
    await count();
    await count();
    for (const call of LONG) {
      expect(await fromRollups(call)).toEqual(await fromRows(call));
      const [pipe, params] = call;
      const wanted = expected(pipe, params, [...rows, ...late, ...raised]);
      expect(aligned(await answer(target, pipe, asked(params)), wanted)).toEqual(wanted);
    }
  });
});
