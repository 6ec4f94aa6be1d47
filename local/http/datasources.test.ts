import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { appForTests, type CallInit } from "../app.test-setup.ts";

const EVENTS = `TOKEN tracker APPEND

SCHEMA >
    \`id\` String \`json:$.id\`,
    \`n\` Nullable(Int32) \`json:$.n\`,
    \`at\` DateTime \`json:$.at\`,
    \`tags\` Array(String) \`json:$.tags[:]\`

ENGINE MergeTree
ENGINE_PARTITION_KEY toYYYYMM(at)
ENGINE_SORTING_KEY id
`;

const TOTALS = `SCHEMA >
    \`month\` UInt32,
    \`rows\` SimpleAggregateFunction(sum, UInt64)

ENGINE AggregatingMergeTree
ENGINE_SORTING_KEY month
`;

const TOTALS_VIEW = `NODE totals_by_month
SQL >
    SELECT toYYYYMM(at) AS month, count() AS rows
    FROM events
    GROUP BY month

TYPE materialized
DATASOURCE totals
`;

const app = appForTests();

beforeAll(() =>
  app.build({ "events.datasource": EVENTS, "totals.datasource": TOTALS, "totals_view.pipe": TOTALS_VIEW }),
);

beforeEach(async () => {
  for (const name of ["events", "totals"]) {
    await app.call(`/v0/datasources/${name}/truncate`, { method: "POST" });
  }
});

const post = (path: string, body: CallInit["body"], headers: Record<string, string> = {}) =>
  app.answer(path, { method: "POST", headers, ...(body != null && { body }) });

async function rows(sql: string): Promise<unknown> {
  const { body } = await app.answer(`/v0/sql?q=${encodeURIComponent(`${sql} FORMAT JSON`)}`);
  return body.data ?? body;
}

const all = () => rows("SELECT id, n, at, tags FROM events ORDER BY id");

const row = (id: string, n: number | null, month = 1) => ({
  id,
  n,
  at: `2026-0${month}-02 03:04:05`,
  tags: ["a", "b"],
});

const ndjson = (...list: unknown[]) => list.map((each) => `${JSON.stringify(each)}\n`).join("");

describe("an append", () => {
  const line = `x,1,2026-01-02 03:04:05,"['a','b']"`;

  it.each([
    ["NDJSON", "ndjson", ndjson(row("x", 1))],
    ["CSV by position", "csv", `${line}\n`],
    ["CSV without its last line end", "csv", line],
    ["CSV with a header", "csv", `id,n,at,tags\n${line}\n`],
    ["CSV with a header in another order", "csv", `n,id,tags,at\n1,x,"[""a"",""b""]",2026-01-02 03:04:05\n`],
    ["CSV with semicolons", "csv", `id;n;at;tags\nx;1;2026-01-02 03:04:05;"['a','b']"\n`],
    ["CSV with carriage returns", "csv", `id,n,at,tags\r\n${line}\r\n`],
  ])("of %s is a job that has ended with its rows", async (_, format, body) => {
    const started = await post(`/v1/datasources/events/append?format=${format}`, body);
    const job = await app.answer(`/v0/jobs/${String(started.body.id)}?debug=blocks,block_log`);
    expect(job.body).toMatchObject({
      status: "done",
      progress_percentage: 100,
      blocks: [{ process_return: [{ lines: 1, quarantine: 0 }] }],
    });
    expect(await all()).toEqual([row("x", 1)]);
  });

  it("keeps quotes, line breaks and delimiters within a cell", async () => {
    await post("/v1/datasources/events/append?format=csv", `"a ""b"",\nc",,2026-01-02 03:04:05,[]\n`);
    expect(await all()).toEqual([{ ...row('a "b",\nc', null), tags: [] }]);
  });

  it("quarantines the rows that do not fit, from CSV too, and stores the others", async () => {
    const body = `x,1,2026-01-02 03:04:05,[]\ny,many,2026-01-02 03:04:05,[]\nz,1,yesterday,[]\n`;
    const { body: job } = await post("/v1/datasources/events/append?format=csv", body);
    expect(job).toMatchObject({
      status: "error",
      error: "There was an error with file contents: 2 rows in quarantine.",
      quarantine_rows: 2,
      statistics: { row_count: 1 },
    });
    expect(await rows("SELECT id, c__error_column AS c FROM events_quarantine ORDER BY id")).toMatchObject([
      { id: "y", c: ["n"] },
      { id: "z", c: ["at"] },
    ]);
    await app.call("/v0/datasources/events_quarantine/truncate", { method: "POST" });
  });

  it("reads Parquet by the names of its columns", async () => {
    const path = join(app.folder, "rows.parquet");
    await app.engine.command(
      `INSERT INTO FUNCTION file('${path}', 'Parquet') SELECT toInt64(number) AS n, concat('p', toString(number)) AS id, ['a','b'] AS tags, toDateTime('2026-01-02 03:04:05', 'UTC') AS at FROM numbers(3)`,
    );
    await post("/v1/datasources/events/append?format=parquet", readFileSync(path));
    expect(await all()).toEqual([row("p0", 0), row("p1", 1), row("p2", 2)]);
  });

  it("reads gzip by the encoding of the body", async () => {
    const body = gzipSync(ndjson(row("x", 1)));
    await post("/v1/datasources/events/append?format=ndjson", body, { "content-encoding": "gzip" });
    expect(await all()).toEqual([row("x", 1)]);
  });

  it("of many segments stores every row", async () => {
    const pad = "x".repeat(1_000);
    const lines = Array.from({ length: 20_000 }, (_, i) => ({ ...row(`${i}-${pad}`, i) }));
    const { body } = await post("/v1/datasources/events/append?format=ndjson", ndjson(...lines));
    expect(body).toMatchObject({ status: "done", statistics: { row_count: 20_000 } });
    expect(await rows("SELECT count() AS c, sum(n) AS s FROM events")).toEqual([
      { c: 20_000, s: 199_990_000 },
    ]);
  });

  it.each([
    ["an unknown format", "/v1/datasources/events/append?format=xml", 400, /ndjson, csv, parquet/],
    ["an unknown data source", "/v1/datasources/nobody/append", 404, /"nobody"/],
    [
      "a URL of another machine",
      "/v1/datasources/events/append?url=http://example.com/a.csv",
      403,
      /example\.com/,
    ],
    ["a URL that is none", "/v1/datasources/events/append?url=file:///etc/passwd", 400, /http or https/],
  ])("of %s is refused", async (_, path, status, words) => {
    expect(await post(path, "")).toMatchObject({ status, body: { error: expect.stringMatching(words) } });
  });
});

describe("the older import call", () => {
  it("takes a multipart file, whatever its part is called, and answers with the counts", async () => {
    const form = new FormData();
    form.append("csv", new File([ndjson(row("x", 1), { id: "y" })], "rows.ndjson"));
    const { status, body } = await post("/v0/datasources?name=events&mode=append&format=ndjson", form);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        successful_rows: 1,
        quarantined_rows: 1,
        error: "There was an error with file contents: 1 row in quarantine.",
      },
    });
  });

  it("unpacks a file that ends in .gz", async () => {
    const form = new FormData();
    form.append("csv", new File([gzipSync(ndjson(row("x", 1)))], "rows.ndjson.gz"));
    await post("/v0/datasources?name=events&mode=append", form);
    expect(await all()).toEqual([row("x", 1)]);
  });

  it("makes no data source: that is what deployments do", async () => {
    expect(await post("/v0/datasources?name=other", "a\n1\n")).toMatchObject({
      status: 403,
      body: { error: expect.stringContaining("via deployments") },
    });
  });
});

describe("an import from a URL", () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === "/rows.ndjson.gz") response.end(gzipSync(ndjson(row("x", 1))));
      else response.writeHead(request.url === "/away" ? 302 : 404, { location: "http://example.com/" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => server.close());

  it("is a job that goes on behind the answer", async () => {
    const { body } = await post(`/v1/datasources/events/append?url=${url}/rows.ndjson.gz`, null);
    expect(await ended(String(body.id))).toMatchObject({ status: "done" });
    expect(await all()).toEqual([row("x", 1)]);
  });

  it.each([
    ["a file that is not there", "/nothing", /404/],
    ["a redirect to another machine", "/away", /cannot be read/],
  ])("refuses %s", async (_, path, words) => {
    expect(await post(`/v1/datasources/events/append?url=${url}${path}`, null)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(words) },
    });
  });
});

/** Asks for a job until it has ended. */
async function ended(id: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { body } = await app.answer(`/v0/jobs/${id}`);
    if (body.status !== "working") return body;
    // No port, no pause: without this the job would never get its turn.
    await new Promise(setImmediate);
  }
}

describe("a replace", () => {
  beforeEach(async () => {
    await post("/v1/datasources/events/append", ndjson(row("old1", 1, 1), row("old2", 2, 2)));
  });

  it("puts the new rows in the place of all, and the view follows", async () => {
    const { body } = await post("/v1/datasources/events/replace", ndjson(row("new", 1, 3)));
    expect(body).toMatchObject({ status: "done" });
    expect(await all()).toEqual([row("new", 1, 3)]);
    expect(await rows("SELECT month, sum(rows) AS n FROM totals GROUP BY month")).toEqual([
      { month: 202603, n: 1 },
    ]);
  });

  it("with a condition leaves the other rows, and new rows that it does not name, out", async () => {
    const condition = encodeURIComponent("toYYYYMM(at) = 202602");
    const path = `/v1/datasources/events/replace?replace_condition=${condition}`;
    await post(path, ndjson(row("new", 3, 2), row("elsewhere", 3, 4)));
    expect(await all()).toEqual([row("new", 3, 2), row("old1", 1, 1)]);
  });

  it("that cannot be read changes nothing", async () => {
    const body = Buffer.from("not gzip");
    const answer = await post("/v1/datasources/events/replace", body, { "content-encoding": "gzip" });
    expect(answer.body).toMatchObject({ status: "error" });
    expect(await all()).toEqual([row("old1", 1, 1), row("old2", 2, 2)]);
  });

  it("is more than a token that appends may do", async () => {
    const token = await app.tokenNamed("tracker");
    for (const path of ["/v1/datasources/events/replace", "/v0/datasources?name=events&mode=replace"]) {
      const answer = await app.answer(path, { method: "POST", body: ndjson(row("new", 1)), token });
      expect(answer.status).toBe(403);
    }
  });
});

describe("a delete", () => {
  const form = (values: Record<string, string>) => new URLSearchParams(values);

  beforeEach(async () => {
    await post("/v1/datasources/events/append", ndjson(row("a", 1), row("b", 2), row("c", 3)));
  });

  it("with dry_run only counts", async () => {
    const body = form({ delete_condition: "n > 1", dry_run: "true" });
    expect(await post("/v0/datasources/events/delete", body)).toMatchObject({
      body: { rows_to_be_deleted: 2 },
    });
    expect(await all()).toHaveLength(3);
  });

  it("is a job", async () => {
    const { body } = await post("/v0/datasources/events/delete", form({ delete_condition: "n > 1" }));
    expect(await ended(String(body.job_id))).toMatchObject({ status: "done", kind: "delete_data" });
    expect(await all()).toEqual([row("a", 1)]);
  });

  it("of the newer kind waits when asked and tells how many rows", async () => {
    const body = form({ delete_condition: "id = 'a'", wait: "true" });
    expect(await post("/v1/datasources/events/delete", body)).toMatchObject({ body: { rows_affected: 1 } });
  });

  it("sees the rows that are acknowledged and not in the table yet", async () => {
    await post("/v0/events?name=events", ndjson(row("late", 9)));
    const { body } = await post("/v0/datasources/events/delete", form({ delete_condition: "n = 9" }));
    await ended(String(body.job_id));
    expect(await all()).toHaveLength(3);
  });

  it.each([
    ["nothing", "", 400],
    ["a second statement", "1); DROP TABLE events; SELECT (1", 400],
    ["a bracket that closes too much", "1) OR (1", 400],
    ["another table", "id IN (SELECT name FROM system.tables)", 400],
    ["a file", "id = file('/etc/passwd')", 403],
    ["a column that is not there", "nothing = 1", 400],
  ])("on %s", async (_, condition, status) => {
    const answer = await post(
      "/v0/datasources/events/delete",
      form({ delete_condition: condition, dry_run: "true" }),
    );
    expect(answer.status).toBe(status);
    expect(await all()).toHaveLength(3);
  });
});

describe("a job", () => {
  it("that has ended cannot be cancelled any more", async () => {
    const { body } = await post("/v1/datasources/events/append", ndjson(row("x", 1)));
    expect(await post(`/v0/jobs/${String(body.id)}/cancel`, null)).toMatchObject({
      body: { status: "done" },
    });
  });

  it("that is not known cannot either", async () => {
    expect((await post("/v0/jobs/nobody/cancel", null)).status).toBe(404);
  });
});

describe("the details", () => {
  it("have true row counts, and the quarantine's", async () => {
    await post("/v1/datasources/events/append", ndjson(row("x", 1), { id: "bad" }));
    const { body } = await app.answer("/v0/datasources/events");
    expect(body).toMatchObject({ statistics: { row_count: 1 } });
    expect(body.quarantine_rows).toBeGreaterThanOrEqual(1);
  });
});
