import type { Case } from "../case.ts";

/** Reading: endpoints, pipes, SQL. */
export const ENDPOINT_CASES: readonly Case[] = [
  {
    title: "lists the endpoints with their URLs",
    args: ["endpoint", "ls"],
    exitCode: 0,
    texts: ["trending_content", "user_activity_analysis", "/v0/pipes/trending_content.json?"],
    absent: ["no route"],
  },
  {
    title: "lists them as JSON",
    args: ["--output", "json", "endpoint", "ls"],
    exitCode: 0,
    texts: ['"trending_content"'],
  },
  {
    title: "prints the URL of an endpoint with its token",
    args: ["endpoint", "url", "trending_content"],
    exitCode: 0,
    texts: ["http://127.0.0.1:", "/v0/pipes/trending_content.json?", "token=p."],
  },
  {
    title: "prints the token that may read an endpoint",
    args: ["endpoint", "token", "trending_content"],
    exitCode: 0,
    texts: ["p.eyJ"],
  },
  {
    title: "counts the calls of an endpoint",
    args: ["endpoint", "stats", "trending_content"],
    exitCode: 0,
    texts: ["request count", "trending_content"],
  },
  {
    title: "lists the pipes with their types",
    args: ["pipe", "ls"],
    exitCode: 0,
    texts: ["copy", "materialized", "clock"],
  },
  {
    title: "lists the copies",
    args: ["copy", "ls"],
    exitCode: 0,
    texts: ["count_content", "count_activity"],
  },
  {
    title: "lists the views with the data sources that they fill",
    args: ["materialization", "ls"],
    exitCode: 0,
    texts: ["interactions_by_time_mv", "interactions_by_time"],
  },
  {
    title: "answers SQL",
    args: ["sql", "SELECT count() AS n, 'ok' AS word FROM social_interactions"],
    exitCode: 0,
    texts: ["UInt64", "64", "ok"],
  },
  {
    title: "refuses SQL that writes",
    args: ["sql", "DROP TABLE social_interactions"],
    exitCode: 1,
    texts: ["rror"],
  },
  {
    title: "shows what happened, from the service data sources",
    args: ["logs"],
    exitCode: 0,
    texts: ["tinybird.pipe_stats_rt", "tinybird.datasources_ops_log", "tinybird.jobs_log"],
  },
];
