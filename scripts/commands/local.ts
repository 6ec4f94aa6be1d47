import type { Command } from "commander";
import { EXIT } from "../terminal/failure.ts";
import { port } from "../terminal/options.ts";
import { note, print } from "../terminal/output.ts";
import { interruption } from "../terminal/signals.ts";

type Options = {
  readonly port: number;
  readonly dataDir?: string;
  readonly project: string;
  readonly build: boolean;
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
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await local(options);
    });
}

async function local({ port, dataDir, project, build }: Options): Promise<number> {
  const { signal, happened, dispose } = interruption();
  // The engine is a large library, and there is none for some platforms: commands that need no server do without it.
  const { startLocal } = await import("tb-embedded");
  const server = await startLocal({ port, ...(dataDir && { dataDir }), ...(build && { project }) });
  if (!signal.aborted) await print(`listening on ${server.url}\n`);
  const name = await happened;
  note(`${name}: closing`);
  await server.close();
  dispose();
  return EXIT.fine;
}
