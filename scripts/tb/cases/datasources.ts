import type { Case } from "../case.ts";

const row = (id: string) =>
  JSON.stringify({
    interaction_id: id,
    user_id: "user_tb",
    interaction_type: "like",
    content_id: "content_tb",
    platform: "twitter",
    timestamp: "2026-11-26 00:00:00",
    text_content: "",
    engagement_count: 1,
    tags: ["tb"],
  });

const countOf = (title: string, condition: string, count: number): Case => ({
  title,
  args: ["--output", "json", "sql", `SELECT count() AS n FROM social_interactions WHERE ${condition}`],
  exitCode: 0,
  texts: [`"n": ${count}`],
});

/** Changing rows, and the jobs that do it. */
export const DATASOURCE_CASES: readonly Case[] = [
  {
    title: "lists the data sources",
    args: ["datasource", "ls"],
    exitCode: 0,
    texts: ["social_interactions", "row_count: 64"],
  },
  {
    title: "shows rows",
    args: ["datasource", "data", "social_interactions", "--limit", "1"],
    exitCode: 0,
    texts: ["interaction_id:", "engagement_count:"],
  },
  {
    title: "appends a file",
    write: { path: "new.ndjson", text: `${row("tb_1")}\n${row("tb_2")}\n` },
    args: ["datasource", "append", "social_interactions", "--file", "new.ndjson"],
    exitCode: 0,
    texts: ["Rows appended"],
  },
  {
    title: "appends events",
    args: ["datasource", "append", "social_interactions", "--events", row("tb_3")],
    exitCode: 0,
    texts: ["1 row appended"],
  },
  countOf("has the appended rows", "user_id = 'user_tb'", 3),
  {
    title: "tells of a row in quarantine, and takes the others",
    write: {
      path: "bad.ndjson",
      text: `${row("tb_4")}\n{"interaction_id":"tb_5","engagement_count":"many"}\n`,
    },
    args: ["datasource", "append", "social_interactions", "--file", "bad.ndjson"],
    exitCode: 0,
    texts: ["quarantine"],
  },
  {
    title: "counts the rows that a condition would delete",
    args: [
      "datasource",
      "delete",
      "social_interactions",
      "--sql-condition",
      "user_id = 'user_tb'",
      "--dry-run",
      "--yes",
    ],
    exitCode: 0,
    texts: ["4"],
  },
  {
    title: "deletes rows by a condition",
    args: [
      "datasource",
      "delete",
      "social_interactions",
      "--sql-condition",
      "interaction_id = 'tb_1'",
      "--wait",
      "--yes",
    ],
    exitCode: 0,
    texts: ["rows deleted matching condition"],
  },
  countOf("has deleted one", "user_id = 'user_tb'", 3),
  {
    title: "replaces the rows that a condition names",
    write: { path: "replacement.ndjson", text: `${row("tb_9")}\n` },
    args: [
      "datasource",
      "replace",
      "social_interactions",
      "replacement.ndjson",
      "--sql-condition",
      "user_id = 'user_tb'",
    ],
    exitCode: 0,
    texts: ["Data replaced"],
  },
  countOf("has one in their place", "user_id = 'user_tb'", 1),
  countOf("has left the others", "user_id != 'user_tb'", 64),
  {
    title: "exports rows",
    args: ["datasource", "export", "social_interactions", "--format", "csv", "--target", "out.csv"],
    exitCode: 0,
    texts: ["Exported data"],
  },
  {
    title: "guesses the schema of a file",
    args: ["datasource", "analyze", "new.ndjson"],
    exitCode: 0,
    texts: ["engagement_count", "DateTime", "tags"],
  },
  { title: "lists the jobs", args: ["job", "ls"], exitCode: 0, texts: ["import", "delete_data", "done"] },
  {
    title: "runs a copy",
    args: ["copy", "run", "count_content", "--wait"],
    exitCode: 0,
    texts: ["job created"],
    absent: ["rror"],
  },
  { title: "pauses a copy", args: ["copy", "pause", "count_content"], exitCode: 0, texts: ["paused"] },
  { title: "resumes a copy", args: ["copy", "resume", "count_content"], exitCode: 0, texts: ["resumed"] },
  {
    title: "empties a data source and those that views fill from it",
    args: ["datasource", "truncate", "social_interactions", "--yes", "--cascade"],
    exitCode: 0,
    texts: ["'social_interactions' truncated", "'interactions_by_time' truncated"],
  },
  countOf("has no row then", "1", 0),
];
