import { beforeEach, describe, expect, it } from "vitest";
import { appForTests } from "../app.test-setup.ts";

const app = appForTests();

const EVENTS = (columns: string, more = "") => `TOKEN tracker APPEND

SCHEMA >
${columns
  .split(", ")
  .map((column) => `    ${column}`)
  .join(",\n")}

ENGINE MergeTree
ENGINE_SORTING_KEY id
${more}`;

const ID = "`id` String `json:$.id`";
const N = "`n` Int32 `json:$.n`";
const V1 = EVENTS(`${ID}, ${N}`);

const TOTALS = `SCHEMA >
    \`k\` String,
    \`rows\` SimpleAggregateFunction(sum, UInt64)

ENGINE AggregatingMergeTree
ENGINE_SORTING_KEY k
`;

const VIEW = `NODE by_id
SQL >
    SELECT id AS k, count() AS rows
    FROM events
    GROUP BY k

TYPE materialized
DATASOURCE totals
`;

const WITH_VIEW = { "totals.datasource": TOTALS, "totals_view.pipe": VIEW };

type Files = Readonly<Record<string, string>>;

interface Answer {
  readonly result: string;
  readonly deployment: {
    id: string;
    status: string;
    live: boolean;
    feedback: { message: string; level: string }[];
  };
}

async function deploy(files: Files, search = "auto_promote=true", token?: string): Promise<Answer> {
  const body = new FormData();
  for (const [path, content] of Object.entries(files)) {
    body.append("data_project://", new File([content], path, { type: "text/plain" }), path);
  }
  const init = { method: "POST", body, ...(token !== undefined && { token }) };
  return (await (await app.call(`/v1/deploy?${search}`, init)).json()) as Answer;
}

const post = (...rows: unknown[]) =>
  app.call("/v0/events?name=events&wait=true", {
    method: "POST",
    body: rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
  });

async function rows(sql: string): Promise<unknown> {
  const { body } = await app.answer(`/v0/sql?q=${encodeURIComponent(`${sql} FORMAT JSON`)}`);
  return body.data ?? body;
}

const errors = (answer: Answer) => answer.deployment.feedback.map(({ message }) => message).join("\n");

/** Live again as a first deployment left it, whatever the test before did. */
beforeEach(async () => {
  for (const { id, live } of await deployments()) {
    if (!live) await app.call(`/v1/deployments/${id}`, { method: "DELETE" });
  }
  await deploy({}, "auto_promote=true&allow_destructive_operations=true");
  await deploy({ "events.datasource": V1 });
  await post({ id: "a", n: 1 }, { id: "b", n: 2 });
});

async function deployments(): Promise<{ id: string; status: string; live: boolean }[]> {
  const { body } = await app.answer("/v1/deployments");
  return body.deployments as { id: string; status: string; live: boolean }[];
}

describe("a deployment", () => {
  it("without a change says so, and still has a deployment object", async () => {
    expect(await deploy({ "events.datasource": V1 })).toMatchObject({
      result: "no_changes",
      deployment: { errors: [], feedback: [] },
    });
  });

  it("that is promoted at once is the only one listed, and live", async () => {
    const { deployment } = await deploy({ "events.datasource": V1, ...WITH_VIEW });
    expect(deployment).toMatchObject({ status: "data_ready", live: true });
    expect(await deployments()).toMatchObject([{ id: deployment.id, live: true }]);
  });

  it("that failed names the file, and what was live goes on", async () => {
    const answer = await deploy({
      "events.datasource": V1,
      "bad.pipe": "NODE x\nSQL >\n    SELECT y FROM events\n",
    });
    expect(answer).toMatchObject({
      result: "failed",
      deployment: { errors: [], feedback: [{ level: "ERROR", resource: "bad.pipe" }] },
    });
    expect(await rows("SELECT count() AS n FROM events")).toEqual([{ n: 2 }]);
  });

  it("that only checks changes nothing", async () => {
    const answer = await deploy(
      { "events.datasource": EVENTS(`${ID}, ${N}, \`m\` String DEFAULT 'x'`) },
      "check=true",
    );
    expect(answer.result).toBe("success");
    expect(await rows("SELECT * FROM events WHERE id = 'a'")).toEqual([{ id: "a", n: 1 }]);
  });

  it("that would delete a data source is refused without the flag, and names it", async () => {
    const answer = await deploy({ "other.datasource": V1 });
    expect(errors(answer)).toContain("--allow-destructive-operations");
    expect(
      (await deploy({ "other.datasource": V1 }, "auto_promote=true&allow_destructive_operations=true"))
        .result,
    ).toBe("success");
    expect((await app.call("/v0/datasources/events")).status).toBe(404);
  });
});

describe("a changed data source keeps its rows", () => {
  it.each([
    ["a new column", `${ID}, ${N}, \`m\` String \`json:$.m\` DEFAULT 'x'`, { id: "a", n: 1, m: "x" }],
    ["a column less", ID, { id: "a" }],
    ["a column that may be NULL", `${ID}, \`n\` Nullable(Int32) \`json:$.n\``, { id: "a", n: 1 }],
    ["columns in another order", `${N}, ${ID}`, { id: "a", n: 1 }],
  ])("with %s", async (_, columns, row) => {
    expect((await deploy({ "events.datasource": EVENTS(columns) })).result).toBe("success");
    expect(await rows("SELECT * FROM events WHERE id = 'a'")).toEqual([row]);
  });

  it("with a TTL", async () => {
    const files = {
      "events.datasource": EVENTS(
        `${ID}, ${N}`,
        "ENGINE_TTL toDateTime('2090-01-01 00:00:00') + toIntervalDay(n)\n",
      ),
    };
    expect(errors(await deploy(files))).toBe("");
    expect(await rows("SELECT count() AS n FROM events")).toEqual([{ n: 2 }]);
  });

  it("with another type only by a FORWARD_QUERY, and the refusal prints one that works", async () => {
    const columns = `${ID}, \`n\` String \`json:$.n\``;
    const refusal = errors(await deploy({ "events.datasource": EVENTS(columns) }));
    expect(refusal).toContain("changes from Int32 to String");
    const forward = refusal.slice(refusal.indexOf("FORWARD_QUERY"));
    expect((await deploy({ "events.datasource": EVENTS(columns, `\n${forward}\n`) })).result).toBe("success");
    expect(await rows("SELECT * FROM events ORDER BY id")).toEqual([
      { id: "a", n: "1" },
      { id: "b", n: "2" },
    ]);
  });

  it("with another sorting key only by a FORWARD_QUERY", async () => {
    const sorted = V1.replace("SORTING_KEY id", "SORTING_KEY n");
    expect(errors(await deploy({ "events.datasource": sorted }))).toContain("keys or settings change");
    const forward = `${sorted}\nFORWARD_QUERY >\n    SELECT id, n * 10 AS n\n`;
    expect((await deploy({ "events.datasource": forward })).result).toBe("success");
    expect(await rows("SELECT sum(n) AS s FROM events")).toEqual([{ s: 30 }]);
  });

  it("and a FORWARD_QUERY that fails half-way leaves what was live", async () => {
    const bad = EVENTS(
      `${ID}, \`n\` UInt8 \`json:$.n\``,
      "\nFORWARD_QUERY >\n    SELECT id, throwIf(n = 2) AS n\n",
    );
    expect((await deploy({ "events.datasource": bad })).result).toBe("failed");
    expect(await rows("SELECT sum(n) AS s FROM events")).toEqual([{ s: 3 }]);
  });

  it("and one that reads another table is refused", async () => {
    const bad = EVENTS(
      `${ID}, \`n\` UInt8 \`json:$.n\``,
      "\nFORWARD_QUERY >\n    SELECT id, (SELECT count() FROM system.one) AS n\n",
    );
    expect((await deploy({ "events.datasource": bad })).result).toBe("failed");
  });

  it("and its views stay exact", async () => {
    await deploy({ "events.datasource": V1, ...WITH_VIEW });
    await deploy({ "events.datasource": EVENTS(`${ID}, ${N}, \`m\` UInt8 DEFAULT 1`), ...WITH_VIEW });
    await post({ id: "a", n: 5 });
    expect(await rows("SELECT k, sum(rows) AS rows FROM totals GROUP BY k ORDER BY k")).toEqual([
      { k: "a", rows: 2 },
      { k: "b", rows: 1 },
    ]);
  });
});

describe("staging", () => {
  const V2 = EVENTS(`${ID}, ${N}, \`m\` String \`json:$.m\` DEFAULT 'x'`);

  it("stands beside what is live until it is promoted, and has the rows that came since", async () => {
    const { deployment } = await deploy({ "events.datasource": V2 }, "");
    expect(await deployments()).toMatchObject([
      { live: true },
      { id: deployment.id, live: false, status: "data_ready" },
    ]);
    await post({ id: "c", n: 3 });
    expect(await rows("SELECT * FROM events WHERE id = 'a'")).toEqual([{ id: "a", n: 1 }]);
    expect((await app.answer(`/v1/deployments/${deployment.id}/set-live`, { method: "POST" })).body).toEqual({
      result: "success",
    });
    expect(await rows("SELECT id, m FROM events ORDER BY id")).toEqual(
      ["a", "b", "c"].map((id) => ({ id, m: "x" })),
    );
  });

  it("answers the calls that name it, while the others are answered by what is live", async () => {
    const query = `/v0/sql?q=${encodeURIComponent("SELECT m FROM events WHERE id = 'a' FORMAT JSON")}`;
    await deploy({ "events.datasource": V2 }, "");
    expect((await app.answer(`${query}&__tb__deployment=staging`)).body).toMatchObject({
      data: [{ m: "x" }],
    });
    expect((await app.answer(query)).status).toBe(400);
  });

  it("cannot be asked when there is none", async () => {
    const answer = await app.answer("/v0/sql?q=SELECT%201&__tb__deployment=staging");
    expect(answer).toMatchObject({ status: 404, body: { error: expect.stringContaining("in staging") } });
  });

  it("has endpoints of its own", async () => {
    await deploy(
      { "events.datasource": V2, "ids.pipe": "NODE n\nSQL >\n    SELECT id FROM events\nTYPE endpoint\n" },
      "",
    );
    expect((await app.answer("/v0/pipes/ids.json?__tb__deployment=staging")).body).toMatchObject({ rows: 2 });
    expect((await app.answer("/v0/pipes/ids.json")).status).toBe(404);
  });

  it("that is discarded is gone, and can still be asked for", async () => {
    const { deployment } = await deploy({ "events.datasource": V2 }, "");
    await app.call(`/v1/deployments/${deployment.id}`, { method: "DELETE" });
    expect(await deployments()).toHaveLength(1);
    expect((await app.answer(`/v1/deployments/${deployment.id}`)).body).toMatchObject({
      deployment: { status: "deleted" },
    });
  });

  it("has room for one", async () => {
    await deploy({ "events.datasource": V2 }, "");
    expect(await deploy({ "events.datasource": V1 })).toMatchObject({
      error: expect.stringContaining("in staging"),
    });
  });
});

it("no event is lost that arrives during ten deployments", async () => {
  let [sent, isDeploying] = [0, true];
  const sender = async () => {
    while (isDeploying) {
      const answer = await app.call("/v0/events?name=events", {
        method: "POST",
        body: `{"id":"s${sent}","n":1}`,
      });
      expect(answer.status).toBe(202);
      sent += 1;
      await new Promise(setImmediate);
    }
  };
  const sending = sender();
  for (let i = 0; i < 10; i++) {
    const columns = `${ID}, ${N}, \`c${i}\` UInt8 DEFAULT ${i}`;
    expect((await deploy({ "events.datasource": EVENTS(columns), ...WITH_VIEW })).result).toBe("success");
  }
  isDeploying = false;
  await sending;
  await post({ id: "last", n: 1 });
  expect(await rows("SELECT count() AS c, uniqExact(id) AS ids FROM events")).toEqual([
    { c: sent + 3, ids: sent + 3 },
  ]);
  expect(await rows("SELECT sum(rows) AS c FROM totals")).toEqual([{ c: sent + 3 }]);
});
