#!/usr/bin/env node
/** `npx tb-embedded --project DIR`: the server for any Tinybird Forward project. */
import { parseArgs } from "node:util";
import { TinybirdError } from "./errors.ts";
import { DEFAULT_PORT, startLocal } from "./start.ts";

const HELP = `Usage: tb-embedded [options]

A Tinybird-compatible server on this machine, without Docker and without an account. For development and tests.

Options:
  --project DIR        folder with the datafiles to build at the start (default: none)
  --fixtures           load the project's fixtures
  --port PORT          port on 127.0.0.1; 0 picks a free one (default: ${DEFAULT_PORT})
  --data-dir DIR       where rows and tokens are kept (default: a temporary folder, removed at the end)
  --no-rate-limit      take as many requests of the Events API as come
  --allow-remote-urls  let imports read URLs of other machines
  --request-log        write a line of JSON to standard error for each request
  -h, --help           this text

Prints one line, "listening on http://127.0.0.1:PORT", when it is ready. Ctrl-C or SIGTERM closes it with exit code 0.
`;

const EXIT = { failed: 1, usage: 2 } as const;

const OPTIONS = {
  project: { type: "string" },
  fixtures: { type: "boolean" },
  port: { type: "string" },
  "data-dir": { type: "string" },
  "no-rate-limit": { type: "boolean" },
  "allow-remote-urls": { type: "boolean" },
  "request-log": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

async function serve(values: Values): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const server = await startLocal({
    port: portOf(values.port),
    fixtures: values.fixtures === true,
    allowRemoteUrls: values["allow-remote-urls"] === true,
    ...(values["no-rate-limit"] && { rateLimit: null }),
    ...(values["request-log"] && { requestLog: console.error }),
    ...(values.project !== undefined && { project: values.project }),
    ...(values["data-dir"] !== undefined && { dataDir: values["data-dir"] }),
  });
  console.log(`listening on ${server.url}`);
  await stopped;
  await server.close();
}

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new TypeError(`--port is '${text}'; expected a number from 0 to 65535`);
}

try {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) console.log(HELP);
  else await serve(values);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode =
    error instanceof TinybirdError ? EXIT.failed : error instanceof TypeError ? EXIT.usage : EXIT.failed;
}
