import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const COMMANDS = ["start", "local", "dashboard", "generate", "send", "query", "golden"];

/** Runs the command line as `npm run cli` does, without any TB_ variable of this machine. */
function run(args: readonly string[], input = "") {
  const command = ["--conditions=source", "--import", "tsx", join(ROOT, "scripts/cli.ts"), ...args];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TB_LOCAL_PORT: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: ROOT,
    input,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("help", () => {
  it.each(COMMANDS)("of %s has examples and exits with 0", (command) => {
    const { status, stdout } = run([command, "--help"]);
    expect(stdout).toMatch(/Usage: .*\n[\s\S]*Examples:\n {2}npm /);
    expect(status).toBe(0);
  });

  it("of the whole names every command and the exit codes", () => {
    const { status, stdout } = run(["--help"]);
    for (const command of COMMANDS) expect(stdout).toContain(`  ${command} `);
    expect(stdout).toContain("Exit codes: 0 fine, 1");
    expect(status).toBe(0);
  });
});

describe("wrong usage exits with 2 and says what was expected", () => {
  it.each([
    [["nonsense"], "unknown command 'nonsense'"],
    [["generate", "--events", "many"], "Expected a whole number from 0 to 100000000."],
    [["generate", "--hours", "0"], "Expected a number above 0"],
    [["generate", "--as-of", "2026-01-31 12:00"], "Expected a date such as"],
    [["generate", "--colour", "red"], "unknown option '--colour'"],
    [["start", "--port", "70000"], "Expected a whole number from 0 to 65535."],
    [["start", "--live", "many"], "Expected a number from 0 to 1000."],
    [["send"], "missing required argument 'file'"],
    [["query", "some_pipe", "loose"], "got 'loose'"],
    [["query", "some_pipe", "--format", "xml"], "Allowed choices are table, json, csv, ndjson."],
    [["golden", "nonsense", "file"], "Allowed choices are templates, datafiles."],
  ])("%j", (args, message) => {
    const { status, stderr } = run(args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

describe("a failure exits with 1 and one line on stderr", () => {
  it.each([
    [["query", "some_pipe"], "error: Nothing answers on http://127.0.0.1:1"],
    [["send", "no-such-file.ndjson"], "error: Cannot read no-such-file.ndjson"],
    [["query", "some_pipe", "--host", "https://api.example.com"], "needs a token"],
  ])("%j", (args, message) => {
    const { status, stdout, stderr } = run(args);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
    expect(status).toBe(1);
  });

  it("shows the stack with --verbose", () => {
    expect(run(["query", "some_pipe", "--verbose"]).stderr).toMatch(/\n {4}at /);
  });
});

it("generates equal bytes for equal options", () => {
  const args = ["generate", "--events", "1500", "--seed", "7", "--as-of", "2026-01-31T12:00:00Z"];
  const [first, second] = [run(args), run(args)];
  expect(first.stdout.trim().split("\n")).toHaveLength(1_500);
  expect(first.stdout).toBe(second.stdout);
});
