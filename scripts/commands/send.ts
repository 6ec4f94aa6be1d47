import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { addAbortSignal, type Readable } from "node:stream";
import { type ClientOptions, createClient } from "@social-interactions/sdk";
import type { Command } from "commander";
import { type Delivery, deliveryLine, deliveryOf, exitCodeOfDelivery, firstFew } from "../rows/delivery.ts";
import { eventsOf } from "../rows/events.ts";
import { resolveTarget, type TargetOptions } from "../server/target.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { wholeNumber } from "../terminal/options.ts";
import { note, print } from "../terminal/output.ts";
import { type Progress, startProgress } from "../terminal/progress.ts";
import { exitCodeOf, type Interruption, interruption } from "../terminal/signals.ts";

type Options = TargetOptions & { readonly validate: boolean; readonly retryFor: number };

const EXAMPLES = `
Examples:
  npm run cli -- send interactions.ndjson
  npm run --silent cli -- generate --events 100000 | npm run --silent cli -- send -
  TB_HOST=https://api.tinybird.co TB_TOKEN=… npm run cli -- send interactions.ndjson

The input is read as it is sent, so it may be larger than memory. Rows that are not JSON or not valid are left out and
counted as failed; the first few are reported. Exit code 1 when any row is not in the data source at the end.
`;

/** Rows reported one by one; a wrong file would print thousands. */
const REPORTED = 5;
/** Milliseconds that requests under way get after Ctrl-C. */
const CLOSE_AFTER_SIGNAL_MS = 3_000;

export function registerSend(program: Command): void {
  program
    .command("send")
    .description("Send social interactions from a file or standard input, one JSON object a line")
    .argument("<file>", "NDJSON file, or - for standard input")
    .option("--host <url>", "server (default: TB_HOST, else the local one)")
    .option("--token <token>", "token (default: TB_TOKEN, else the local server's own)")
    .option("--no-validate", "send rows as they are; the server quarantines what does not fit")
    .option(
      "--retry-for <seconds>",
      "how long a server that does not take rows is tried again",
      wholeNumber(0, 86_400),
      60,
    )
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, options: Options) => {
      process.exitCode = await send(file, options);
    });
}

async function send(file: string, options: Options): Promise<number> {
  const source = await openSource(file);
  const target = await resolveTarget(options, process.env);
  const reports = firstFew(REPORTED);
  const client = createClient({ ...target, ...clientOptions(options, reports.add) });
  const interrupted = interruption();
  interrupted.happened.then(() => client.close({ timeout: CLOSE_AFTER_SIGNAL_MS })).catch(() => undefined);
  addAbortSignal(interrupted.signal, source.stream);
  const delivery = await deliver(client, source, interrupted, reports.add);
  await client.close();
  for (const line of reports.lines()) note(line);
  await print(`${deliveryLine(delivery)}\n`);
  if (delivery.quarantined > 0)
    note("The table social_interactions_quarantine has the quarantined rows and the reasons.");
  interrupted.dispose();
  return interrupted.signal.aborted ? exitCodeOf(await interrupted.happened) : exitCodeOfDelivery(delivery);
}

function clientOptions(
  { validate, retryFor }: Options,
  report: (line: string) => void,
): Omit<ClientOptions, "host" | "token"> {
  return {
    validate,
    retry: { maxElapsedMs: retryFor * 1_000 },
    onUndeliverable: (events, error) =>
      report(`${events.length} ${events.length === 1 ? "row" : "rows"} not delivered: ${error.message}`),
  };
}

async function deliver(
  client: ReturnType<typeof createClient>,
  source: Source,
  { signal }: Interruption,
  report: (line: string) => void,
): Promise<Delivery> {
  const progress = sourceProgress(source);
  let bytes = 0;
  const lines = eventsOf(untilAborted(source.stream, signal), {
    onUnreadable: (line, reason) => report(`line ${line}: ${reason}`),
    onBytes: (count) => {
      bytes += count;
      progress.update(source.bytes === undefined ? lines.taken() : kilobytes(bytes));
    },
  });
  try {
    const summary = await client.socialInteractions.sendAll(lines.events, {
      onRejected: (_, error) => report(`line ${lines.line()}: ${error.message}`),
    });
    return deliveryOf(summary, lines.unreadable());
  } finally {
    progress.stop();
  }
}

type Source = {
  readonly stream: Readable /** Undefined for a stream without an end that is known. */;
  readonly bytes?: number;
};

async function openSource(file: string): Promise<Source> {
  if (file === "-") return { stream: process.stdin };
  const info = await stat(file).catch((cause: unknown) => {
    throw new Failure(`Cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  });
  if (info.isDirectory()) throw new Failure(`Cannot read ${file}: it is a folder`);
  return { stream: createReadStream(file), ...(info.isFile() && { bytes: info.size }) };
}

function sourceProgress({ bytes }: Source): Progress {
  const stream = process.stderr;
  return bytes === undefined
    ? startProgress({ label: "sending", unit: "rows", total: undefined, stream })
    : startProgress({ label: "sending", unit: "kB", total: kilobytes(bytes), stream });
}

function kilobytes(bytes: number): number {
  return Math.ceil(bytes / 1_000);
}

/** The pieces of a stream; the abort of an interrupted run is an end, not an error. */
async function* untilAborted(stream: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    if (!signal.aborted)
      throw new Failure(`The input broke off: ${error instanceof Error ? error.message : String(error)}`, {
        exitCode: EXIT.failed,
        cause: error,
      });
  }
}
