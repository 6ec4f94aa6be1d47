import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cloud, copyProject, execute, type Session } from "./session.ts";

/** What the official TypeScript client's own command reads. */
const CONFIG = {
  include: ["datasources/*.datasource", "*/*.pipe"],
  baseUrl: "",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the command fills it in from its environment
  token: "${TINYBIRD_TOKEN}",
  devMode: "branch",
};

/** The git branch that a run stands on: the command builds only beside the main one. */
const BRANCH = "feature_one";

/** A copy of the project as a git repository, and the client's command pointed at the server. */
export async function openSdkSession(command: string, project: string, cloud: Cloud): Promise<Session> {
  const { folder, copy } = await copyProject(project);
  const env = {
    PATH: process.env.PATH,
    LANG: "C.UTF-8",
    HOME: folder,
    TINYBIRD_TOKEN: cloud.token,
    NO_COLOR: "1",
  };
  const write = (path: string, text: string) => writeFile(join(copy, path), text);
  await write("tinybird.config.json", JSON.stringify({ ...CONFIG, baseUrl: cloud.host }));
  await write("package.json", '{"private":true,"type":"module"}');
  for (const args of [
    ["init", "--quiet", "--initial-branch", BRANCH],
    [
      "-c",
      "user.name=t",
      "-c",
      "user.email=t@localhost",
      "commit",
      "--quiet",
      "--allow-empty",
      "-m",
      "start",
    ],
  ]) {
    const { code, output } = await execute("git", args, { cwd: copy, env });
    if (code !== 0) throw new Error(`git ${args.join(" ")} ended with ${code}: ${output}`);
  }
  return {
    run: (args) => execute(command, args, { cwd: copy, env }),
    write,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
