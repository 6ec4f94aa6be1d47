import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Watch } from "./case.ts";

/** What a command of `tb` printed, colours removed, and how it ended. */
export type Result = { readonly code: number; readonly output: string };

export type Session = {
  readonly run: (args: readonly string[], watch?: Watch) => Promise<Result>;
  /** Writes a file of the project. */
  readonly write: (path: string, text: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A server that stands for Tinybird Cloud: the words {host} and {token} of a case. */
export type Cloud = { readonly host: string; readonly token: string };

function fill(text: string, { host, token }: Cloud): string {
  return text.replace("{host}", host).replace("{token}", token);
}

/** What makes a folder a Tinybird project. */
const PROJECT_PARTS = [
  "datasources",
  "materializations",
  "copies",
  "pipes",
  "endpoints",
  "fixtures",
  "tests",
  ".tinyb",
];
/** Milliseconds for one command; the slowest takes some ten seconds. */
const COMMAND_TIMEOUT_MS = 300_000;

/** A folder for one run, and the project's datafiles in it. */
export async function copyProject(project: string): Promise<{ folder: string; copy: string }> {
  const folder = await mkdtemp(join(tmpdir(), "test-tb-"));
  const copy = join(folder, "project");
  for (const part of PROJECT_PARTS) await cp(join(project, part), join(copy, part), { recursive: true });
  return { folder, copy };
}

/** Milliseconds until a file is written once more for a command that has not seen it. */
const REWRITE_MS = 1_000;

/** A copy of the project with a home folder of its own, and `tb` pointed at the server on this port. */
export async function openSession(tb: string, project: string, port: number, cloud: Cloud): Promise<Session> {
  const { folder, copy } = await copyProject(project);
  const env = {
    PATH: process.env.PATH,
    LANG: "C.UTF-8",
    HOME: folder,
    TB_LOCAL_HOST: "127.0.0.1",
    TB_LOCAL_PORT: String(port),
    TB_CLI_TELEMETRY_OPTOUT: "1",
    TB_VERSION_WARNING: "0",
    PYTHONUNBUFFERED: "1",
  };
  return {
    run: (args, watch) =>
      execute(
        tb,
        args.map((each) => fill(each, cloud)),
        { cwd: copy, env, watch },
      ),
    write: (path, text) => writeFile(join(copy, path), text),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Runs a command to its end. */
export async function execute(
  command: string,
  args: readonly string[],
  { cwd, env, watch }: { cwd: string; env: NodeJS.ProcessEnv; watch?: Watch | undefined },
): Promise<Result> {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: COMMAND_TIMEOUT_MS,
  });
  let output = "";
  const steps = watch === undefined ? [] : stepsOf(watch, cwd, child);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
      if (steps[0] !== undefined && plain(output).includes(steps[0].text)) steps.shift()?.act();
    });
  }
  const [code, signal]: [number | null, string | null] = await closed(child);
  return { code: code ?? 1, output: plain(signal ? `${output}\nended by ${signal}` : output) };
}

/** What to do at which text, in this order. The command says that it watches a moment before it does: hence again and again. */
function stepsOf({ ready, write, until }: Watch, cwd: string, child: ReturnType<typeof spawn>) {
  const change = () => writeFileSync(join(cwd, write.path), write.text);
  const writing = { timer: setTimeout(() => undefined) };
  child.once("close", () => clearInterval(writing.timer));
  return [
    {
      text: ready,
      act() {
        writing.timer = setInterval(change, REWRITE_MS);
      },
    },
    { text: until, act: () => void child.kill("SIGINT") },
  ];
}

async function closed(child: ReturnType<typeof spawn>): Promise<[number | null, string | null]> {
  const [code, signal] = await once(child, "close");
  return [code, signal];
}

/** Without the sequences that colour a terminal. */
function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "");
}
