import { createWriteStream } from "node:fs";
import type { Command } from "commander";
import { EXIT } from "../terminal/failure.ts";
import { port, wholeNumber } from "../terminal/options.ts";
import { note, print } from "../terminal/output.ts";
import { interruption } from "../terminal/signals.ts";

type Options = {
  readonly port: number;
  readonly dataDir?: string;
  readonly project: string;
  readonly build: boolean;
  /** A number, or false for none. */
  readonly rateLimit: number | false;
  readonly allowRemoteUrls?: boolean;
  readonly requestLog?: string | true;
};

const EXAMPLES = `
Examples:
  npm run local
  npm run local -- --port 0 --data-dir ./data
  npm run local -- --no-build          (then: TB_LOCAL_HOST=127.0.0.1 tb build)

Prints one line, "listening on http://127.0.0.1:PORT", when it is ready. Ctrl-C or SIGTERM closes it with exit code 0.
`;

export function registerLocal(program: Command): void {
  program
    .command("local")
    .description("Run the embedded Tinybird-compatible server, for development and tests")
    .option("--port <port>", "port on 127.0.0.1; 0 picks a free one", port, 7181)
    .option(
      "--data-dir <folder>",
      "where rows and tokens are kept (default: a temporary folder, removed at the end)",
    )
    .option("--project <folder>", "folder with the datafiles to build at the start", ".")
    .option("--no-build", "start empty")
    .option(
      "--rate-limit <count>",
      "requests of the Events API in a second for each data source",
      wholeNumber(1, 1_000_000),
      100,
    )
    .option("--no-rate-limit", "take as many as come")
    .option("--allow-remote-urls", "let imports read URLs of other machines")
    .option("--request-log [file]", "write a line of JSON for each request (default: to standard error)")
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await local(options);
    });
}

async function local({ port, dataDir, project, build, ...options }: Options): Promise<number> {
  const { signal, happened, dispose } = interruption();
  // The engine is a large library, and there is none for some platforms: commands that need no server do without it.
  const { startLocal } = await import("tb-embedded");
  const server = await startLocal({
    port,
    rateLimit: options.rateLimit === false ? null : options.rateLimit,
    allowRemoteUrls: options.allowRemoteUrls === true,
    ...(options.requestLog && { requestLog: lineWriter(options.requestLog) }),
    ...(dataDir && { dataDir }),
    ...(build && { project }),
  });
  if (!signal.aborted) await print(`listening on ${server.url}\n`);
  const name = await happened;
  note(`${name}: closing`);
  await server.close();
  dispose();
  return EXIT.fine;
}

function lineWriter(file: string | true): (line: string) => void {
  if (file === true) return note;
  const stream = createWriteStream(file, { flags: "a" });
  return (line) => void stream.write(`${line}\n`);
}
