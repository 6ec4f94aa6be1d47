import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createClient } from "@social-interactions/sdk";
import { type LocalServer, startLocal } from "tb-embedded";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const README = readFileSync(join(import.meta.dirname, "README.md"), "utf8");
const EXAMPLES = [...README.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);

let folder = "";
let server: LocalServer;

beforeAll(async () => {
  mkdirSync(join(import.meta.dirname, ".cache"), { recursive: true });
  folder = mkdtempSync(join(import.meta.dirname, ".cache/readme-"));
  for (const [index, code] of EXAMPLES.entries()) writeFileSync(join(folder, `example-${index}.ts`), code);
  const options = { extends: join(ROOT, "tsconfig.json"), include: ["*.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
  server = await startLocal({ port: 0, project: ROOT });
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (program: string, args: readonly string[]) =>
  promisify(execFile)(program, args, {
    env: {
      ...process.env,
      TB_HOST: server.url,
      TB_TOKEN: server.tokens.workspace_admin_token,
      SPOOL_DIR: join(folder, "spool"),
    },
  });

describe("the examples of the README", () => {
  it("are there", () => expect(EXAMPLES.length).toBeGreaterThanOrEqual(6));

  it("compile", async () => {
    const { stdout } = await run(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder]);
    expect(stdout).toBe("");
  });

  it.each(
    EXAMPLES.map((code, index) => [index, code.split("\n").find((line) => line.startsWith("const ")) ?? ""]),
  )("run against the embedded server: number %i, %s", async (index) => {
    const { stderr } = await run(process.execPath, [
      ...["--conditions=source", "--import", "tsx"],
      join(folder, `example-${index}.ts`),
    ]);
    expect(stderr).toBe("");
  });

  it("leave their events in the table, each once", async () => {
    const client = createClient({ host: server.url, token: server.tokens.workspace_admin_token });
    const { data } = await client.sql(
      "SELECT count() AS n, uniqExact(interaction_id) AS ids FROM social_interactions",
    );
    await client.close();
    expect(data).toEqual([{ n: 1_012, ids: 1_012 }]);
  });
});
