import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Datafile, type LocalServer, parseDatafile, readProject, startLocal } from "tb-embedded";
import { isRecord } from "../json.ts";
import { Failure } from "../terminal/failure.ts";
import { dataSourceShapes } from "./data-sources.ts";
import { type Describe, type Description, endpointShapes, type Meta } from "./endpoints.ts";
import { renderSchema } from "./render.ts";

/** The SDK's schema of a project folder. Starts an embedded server to have the engine describe the endpoints. */
export async function generateSchema(project: string): Promise<string> {
  const datafiles = await parseProject(project);
  const server = await startLocal({ port: 0, project });
  try {
    const endpoints = await endpointShapes(datafiles, describeOn(server));
    return format(renderSchema(dataSourceShapes(datafiles), endpoints));
  } finally {
    await server.close();
  }
}

async function parseProject(folder: string): Promise<readonly Datafile[]> {
  const sources = [...(await readProject(folder))].sort((a, b) => (a.path < b.path ? -1 : 1));
  return sources.map((source) => {
    const result = parseDatafile(source);
    if (result.ok) return result.datafile;
    const { path, line, message } = result.problem;
    throw new Failure(`${path}:${line}: ${message}`);
  });
}

function describeOn({ url, tokens }: LocalServer): Describe {
  return async (pipe, parameters) => {
    const search = new URLSearchParams(parameters);
    const headers = { authorization: `Bearer ${tokens.workspace_admin_token}` };
    const answer = await fetch(`${url}/v0/pipes/${pipe}.json?${search}`, { headers });
    return descriptionOf(await answer.json());
  };
}

function descriptionOf(answer: unknown): Description {
  if (isRecord(answer) && Array.isArray(answer.meta))
    return { ok: true, meta: answer.meta as readonly Meta[] };
  return { ok: false, error: isRecord(answer) ? String(answer.error) : String(answer) };
}

/** In the project's own format, so that a generated file passes the same check as any other. */
function format(text: string): string {
  const biome = join(import.meta.dirname, "../../node_modules/.bin/biome");
  const file = "sdk/src/schema.generated.ts";
  const { status, stdout, stderr } = spawnSync(biome, ["check", "--write", `--stdin-file-path=${file}`], {
    input: text,
    encoding: "utf8",
    cwd: join(import.meta.dirname, "../.."),
  });
  if (status !== 0) throw new Failure(`The generated schema is not valid TypeScript: ${stderr}`);
  return stdout;
}
