import { deepStrictEqual, rejects } from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OfficialApi, OfficialSdk } from "./official-sdk.ts";

export interface SdkContext {
  readonly sdk: OfficialSdk;
  readonly api: OfficialApi;
  readonly baseUrl: string;
  readonly token: string;
  /** For files; removed behind the cases. */
  readonly folder: string;
}

/** One call of the official client, and what it must come to. */
export interface SdkCase {
  readonly title: string;
  run(context: SdkContext): Promise<void>;
}

const NAME = "social_interactions";

const row = (id: string, more: object = {}) => ({
  interaction_id: id,
  user_id: "user_sdk",
  interaction_type: "like",
  content_id: "content_sdk",
  platform: "twitter",
  timestamp: "2026-11-26 00:00:00",
  text_content: "",
  engagement_count: 1,
  tags: ["sdk"],
  ...more,
});

async function countIs(api: OfficialApi, expected: number): Promise<void> {
  const { data } = await api.sql(`SELECT count() AS n FROM ${NAME} WHERE user_id = 'user_sdk'`);
  deepStrictEqual(data, [{ n: expected }]);
}

async function fileOf({ folder }: SdkContext, ...rows: readonly object[]): Promise<string> {
  const path = join(folder, "rows.ndjson");
  await writeFile(path, rows.map((each) => `${JSON.stringify(each)}\n`).join(""));
  return path;
}

/** Run in this order against one server with the project's datafiles. */
export const SDK_CASES: readonly SdkCase[] = [
  {
    title: "ingest: one event is written when the call returns",
    async run({ api }) {
      const counts = await api.ingest(NAME, row("s1"));
      deepStrictEqual([counts.successful_rows, counts.quarantined_rows], [1, 0]);
      await countIs(api, 1);
    },
  },
  {
    title: "ingestBatch: counts what is in quarantine",
    async run({ api }) {
      const counts = await api.ingestBatch(NAME, [row("s2"), row("s3", { engagement_count: "many" })]);
      deepStrictEqual([counts.successful_rows, counts.quarantined_rows], [1, 1]);
    },
  },
  {
    title: "appendDatasource: a file, in a multipart body",
    async run(context) {
      const file = await fileOf(context, row("s4"), row("s5"));
      const counts = await context.api.appendDatasource(NAME, { file });
      deepStrictEqual([counts.successful_rows, counts.quarantined_rows], [2, 0]);
      await countIs(context.api, 4);
    },
  },
  {
    title: "query: an endpoint with parameters",
    async run({ api }) {
      const params = { as_of: "2026-11-26 01:00:00", hours_back: 2, min_interactions: 1 };
      const { data } = await api.query("trending_content", params);
      deepStrictEqual(
        data.map(({ content_id, interaction_count }) => [content_id, interaction_count]),
        [["content_sdk", 4]],
      );
    },
  },
  {
    title: "query: a bad parameter is an error with the server's sentence",
    run: ({ api }) => rejects(api.query("trending_content", { hours_back: 0 }), /hours_back/),
  },
  {
    title: "sql: without FORMAT",
    async run({ api }) {
      deepStrictEqual((await api.sql("SELECT 1 AS one, 'x' AS word")).data, [{ one: 1, word: "x" }]);
    },
  },
  {
    title: "deleteDatasource: dry run, then for real",
    async run({ api }) {
      const deleteCondition = "interaction_id = 's1'";
      const dry = await api.deleteDatasource(NAME, { deleteCondition, dryRun: true });
      deepStrictEqual(dry.rows_to_be_deleted, 1);
      await api.deleteDatasource(NAME, { deleteCondition });
    },
  },
  {
    title: "appendDatasource: mode replace",
    async run(context) {
      const file = await fileOf(context, row("s9"));
      await context.api.appendDatasource(NAME, { file }, { mode: "replace" });
      await countIs(context.api, 1);
    },
  },
  {
    title: "createJWT: a token that reads one endpoint, with a parameter that its holder cannot change",
    async run({ sdk, baseUrl, token }) {
      const fixed_params = { min_interactions: 1_000 };
      const scopes = [{ type: "PIPES:READ", resource: "trending_content", fixed_params }];
      const expiresAt = new Date(Date.now() + 60_000);
      const jwt = await sdk.createJWT({ baseUrl, token }, { name: "case", expiresAt, scopes });
      const reader = sdk.createTinybirdApi({ baseUrl, token: jwt.token });
      const asked = { as_of: "2026-11-26 01:00:00", hours_back: 2, min_interactions: 1 };
      deepStrictEqual((await reader.query("trending_content", asked)).data, []);
      await rejects(reader.query("breakdown", { dimension: "platform" }));
    },
  },
  {
    title: "truncateDatasource",
    async run({ api }) {
      await api.truncateDatasource(NAME);
      await countIs(api, 0);
    },
  },
];
