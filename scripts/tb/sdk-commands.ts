import type { Case } from "./case.ts";

/**
 * Commands of the official TypeScript client, run in this order against a server without a project, from a git branch.
 * `build --local` is not here: it knows no other address than port 7181 of this machine.
 */
export const SDK_COMMANDS: readonly Case[] = [
  {
    title: "checks a deployment and changes nothing",
    args: ["deploy", "--check"],
    exitCode: 0,
    texts: ["validated"],
  },
  { title: "deploys", args: ["deploy"], exitCode: 0, texts: ["trending_content", "Deploy completed"] },
  { title: "has nothing to deploy the second time", args: ["deploy"], exitCode: 0, texts: ["No changes"] },
  {
    title: "refuses a pipe that reads what is not there",
    write: {
      path: "endpoints/broken.pipe",
      text: "NODE n\nSQL >\n    SELECT 1 FROM nowhere\n\nTYPE endpoint\n",
    },
    args: ["deploy"],
    exitCode: 1,
    texts: ["nowhere"],
  },
  {
    title: "deploys it once it is mended",
    write: { path: "endpoints/broken.pipe", text: "NODE n\nSQL >\n    SELECT 1 AS n\n\nTYPE endpoint\n" },
    args: ["deploy", "--no-wait"],
    exitCode: 0,
    texts: ["broken"],
  },
  {
    title: "builds into a branch of its own",
    args: ["build"],
    exitCode: 0,
    texts: ["feature_one", "Build completed"],
  },
  {
    title: "makes a preview branch",
    args: ["preview"],
    exitCode: 0,
    texts: ["tmp_ci_feature_one", "Preview completed"],
  },
  {
    title: "checks a preview",
    args: ["preview", "--check"],
    exitCode: 0,
    texts: ["validated", "Preview completed"],
  },
  {
    title: "lists the branches",
    args: ["branch", "list"],
    exitCode: 0,
    texts: ["feature_one", "tmp_ci_feature_one"],
  },
  {
    title: "tells the branch",
    args: ["branch", "status"],
    exitCode: 0,
    texts: ["Tinybird branch: feature_one"],
  },
  {
    title: "downloads the datafiles",
    args: ["pull", "--output-dir", "pulled"],
    exitCode: 0,
    texts: ["pulled/trending_content.pipe created", "5 datasource(s)"],
  },
  {
    title: "deletes a branch",
    args: ["branch", "delete", "feature_one"],
    exitCode: 0,
    texts: ["deleted successfully"],
  },
];
