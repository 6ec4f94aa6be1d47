import type { Case } from "../case.ts";

const EXTRA_PIPE = "endpoints/extra.pipe";
const pipe = (sql: string, line = "") => `NODE extra_query\n${line}SQL >\n    ${sql}\n\nTYPE endpoint\n`;

const WRONG_TEST = `- name: A test that expects too much
  description: There was nothing yet in 2020
  parameters: as_of=2020-01-01+00:00:00
  expected_result: |
    {"user_id":"nobody"}
`;

/** Building and testing: later cases stand on what earlier ones built. */
export const BUILD_CASES: readonly Case[] = [
  {
    title: "builds the project",
    args: ["build"],
    exitCode: 0,
    texts: [
      "datasources/social_interactions.datasource created",
      "endpoints/trending_content.pipe created",
      "endpoints/interactions_by_platform.pipe created",
      "endpoints/user_activity_analysis.pipe created",
      "Build completed",
    ],
    absent: ["rror", "quarantine"],
  },
  {
    title: "has loaded the fixtures, so an endpoint has rows",
    args: ["endpoint", "data", "trending_content", "--as_of", "2025-05-12 00:00:00", "--limit", "1"],
    exitCode: 0,
    texts: ["content_id: content_launch", "interaction_count: 12"],
  },
  {
    title: "has nothing to do the second time",
    args: ["build"],
    exitCode: 0,
    texts: ["No changes"],
    absent: ["rror"],
  },
  {
    title: "runs the tests of every endpoint",
    args: ["test", "run"],
    exitCode: 0,
    texts: [
      "trending_content.yaml",
      "interactions_by_platform.yaml",
      "user_activity_analysis.yaml",
      "19/19 passed",
    ],
    absent: ["failed"],
  },
  {
    title: "names file and line of an instruction that is unknown",
    write: { path: EXTRA_PIPE, text: pipe("SELECT 1 AS n", "NONSENSE x\n") },
    args: ["build"],
    exitCode: 1,
    texts: [EXTRA_PIPE, "line 2: NONSENSE", "Build failed"],
  },
  {
    title: "names file and column of SQL that reads a column that is not there",
    write: { path: EXTRA_PIPE, text: pipe("SELECT no_such_column FROM social_interactions") },
    args: ["build"],
    exitCode: 1,
    texts: [EXTRA_PIPE, "no_such_column", "Build failed"],
  },
  {
    title: "builds once the file is mended, and only what is new",
    write: { path: EXTRA_PIPE, text: pipe("SELECT count() AS n FROM social_interactions") },
    args: ["build"],
    exitCode: 0,
    texts: [`${EXTRA_PIPE} created`, "Build completed"],
    absent: ["trending_content"],
  },
  {
    title: "has kept the rows through these builds",
    args: ["endpoint", "data", "trending_content", "--as_of", "2025-05-12 00:00:00", "--limit", "1"],
    exitCode: 0,
    texts: ["content_id: content_launch", "interaction_count: 12"],
  },
  {
    title: "watches the project, and shows what a changed pipe answers",
    args: ["dev"],
    watch: {
      ready: "Watching for changes",
      write: { path: EXTRA_PIPE, text: pipe("SELECT 4000 + 242 AS n") },
      until: "Test endpoint at",
    },
    exitCode: 0,
    texts: ["Changes detected in extra.pipe", "4242"],
    absent: ["rror"],
  },
  {
    title: "fails when an endpoint answers something else than its test expects",
    write: { path: "tests/user_activity_analysis.yaml", text: WRONG_TEST },
    args: ["test", "run"],
    exitCode: 1,
    texts: ["A test that expects too much failed", '- {"user_id":"nobody"}', "18/19 passed"],
  },
];
