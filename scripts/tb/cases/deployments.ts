import { type Case, CLOUD } from "../case.ts";

const DATASOURCE = "datasources/deployed.datasource";
const schema = (columns: string, more = "") =>
  `SCHEMA >\n${columns}\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n${more}`;

const ID = "    `id` String `json:$.id`";
const V1 = schema(`${ID},\n    \`n\` Int32 \`json:$.n\``);
const V2 = schema(`${ID},\n    \`n\` Int32 \`json:$.n\`,\n    \`m\` String \`json:$.m\` DEFAULT 'x'`);
const OTHER_TYPE = schema(
  `${ID},\n    \`n\` String \`json:$.n\`,\n    \`m\` String \`json:$.m\` DEFAULT 'x'`,
);
const WITH_QUERY = `${OTHER_TYPE}\nFORWARD_QUERY >\n    SELECT id, toString(n) AS n, m\n`;

const deployed = (text: string) => ({ path: DATASOURCE, text });

/** Deployments: what changes, what is refused, what stands side by side. */
export const DEPLOYMENT_CASES: readonly Case[] = [
  {
    title: "checks a deployment and changes nothing",
    write: deployed(V1),
    args: ["deploy", "--check"],
    exitCode: 0,
    texts: ["deployed"],
  },
  { title: "deploys", args: ["deploy"], exitCode: 0, texts: ["deployed", "is live"] },
  { title: "has nothing to deploy the second time", args: ["deploy"], exitCode: 0, texts: ["No changes"] },
  {
    title: "appends rows to what was deployed",
    args: ["datasource", "append", "deployed", "--events", '{"id":"a","n":7}'],
    exitCode: 0,
    texts: ["1 row appended"],
  },
  {
    title: "makes a deployment that waits in staging",
    write: deployed(V2),
    args: ["deployment", "create", "--wait"],
    exitCode: 0,
    texts: ["Deployment"],
  },
  { title: "lists both", args: ["deployment", "ls"], exitCode: 0, texts: ["Live", "Staging"] },
  {
    title: "reads from what is in staging",
    args: ["--staging", "--output", "json", "sql", "SELECT id, m FROM deployed"],
    exitCode: 0,
    texts: ['"id": "a"', '"m": "x"'],
  },
  { title: "promotes it", args: ["deployment", "promote", "--wait"], exitCode: 0, texts: ["live"] },
  {
    title: "has kept the row, with the new column's default",
    args: ["--output", "json", "sql", "SELECT id, n, m FROM deployed"],
    exitCode: 0,
    texts: ['"id": "a"', '"n": 7', '"m": "x"'],
  },
  {
    title: "refuses a change of type and prints the FORWARD_QUERY to write",
    write: deployed(OTHER_TYPE),
    args: ["deploy"],
    exitCode: 1,
    texts: ["FORWARD_QUERY", "accurateCastOrDefault(n, 'String') AS n"],
  },
  {
    title: "deploys the same with a FORWARD_QUERY",
    write: deployed(WITH_QUERY),
    args: ["deploy"],
    exitCode: 0,
    texts: ["deployed", "is live"],
  },
  {
    title: "has moved the row",
    args: ["--output", "json", "sql", "SELECT n FROM deployed"],
    exitCode: 0,
    texts: ['"n": "7"'],
  },
  {
    title: "makes one more and throws it away",
    write: {
      path: "endpoints/staged.pipe",
      text: "NODE staged_query\nSQL >\n    SELECT 1 AS n\n\nTYPE endpoint\n",
    },
    args: ["deployment", "create", "--wait"],
    exitCode: 0,
    texts: ["Deployment"],
  },
  {
    title: "discards it",
    args: ["deployment", "discard", "--wait"],
    exitCode: 0,
    texts: ["Discard process successfully completed"],
  },
  {
    title: "checks a deployment to the cloud as a workflow does it",
    args: [...CLOUD, "deploy", "--check"],
    exitCode: 0,
    texts: ["staged"],
  },
  {
    title: "deploys to the cloud as a workflow does it",
    args: [...CLOUD, "deploy"],
    exitCode: 0,
    texts: ["is live"],
  },
];
