import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";

const COMMAND = join(import.meta.dirname, "command.ts");

/** Runs the command; `stop` is sent once its output has this text. */
async function run(args: readonly string[], until?: string) {
  const child = spawn(process.execPath, ["--import", "tsx", COMMAND, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8");
    child[name].on("data", (text: string) => {
      output[name] += text;
      if (until !== undefined && output.stdout.includes(until)) child.kill("SIGTERM");
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...output };
}

it("says in one line where it listens, and ends with 0 at SIGTERM", async () => {
  const { code, stdout } = await run(["--port", "0"], "listening");
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^listening on http:\/\/127\.0\.0\.1:\d+\n$/),
  });
});

it.each([
  ["--help", 0, "stdout", /Usage: tb-embedded/],
  ["--nothing", 2, "stderr", /^error: Unknown option '--nothing'/],
  ["--port=x", 2, "stderr", /^error: --port is 'x'; expected a number/],
] as const)("%s ends with %i and words on %s", async (arg, code, stream, words) => {
  const ended = await run([arg]);
  expect({ code: ended.code, text: ended[stream] }).toEqual({ code, text: expect.stringMatching(words) });
});
