import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, startTarget, type Target } from "./target.ts";

const run = promisify(execFile);
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const calls = [...readme.matchAll(/```bash\n(curl [^\n]*)\n```/g)].map(([, call = ""]) => call);
const scripts = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts as Record<
  string,
  string
>;

let target: Target;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  target = await startTarget({ fixtures: true });
  const [TRACKER, DASHBOARD] = [await target.tokenNamed("tracker"), await target.tokenNamed("dashboard")];
  env = { PATH: process.env.PATH, TB_HOST: target.url, TRACKER, DASHBOARD };
});

afterAll(() => target?.close());

describe("the README", () => {
  it("has three calls", () => {
    expect(calls).toHaveLength(3);
  });

  it.each(calls.map((call) => [call.slice(0, 70), call]))("%s… is answered", async (_, call) => {
    const { stdout } = await run("bash", ["-c", `${call} --silent --fail-with-body`], { env });
    expect(JSON.parse(stdout)).toEqual(
      call.includes("/v0/events")
        ? { successful_rows: 1, quarantined_rows: 0 }
        : expect.objectContaining({ data: expect.any(Array) }),
    );
  });

  it.each([...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name))(
    "names a script that exists: npm run %s",
    (name) => {
      expect(Object.keys(scripts)).toContain(name);
    },
  );

  it.each([...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = ""]) => path))(
    "links to a file that exists: %s",
    (path) => {
      expect(existsSync(join(ROOT, path))).toBe(true);
    },
  );
});
