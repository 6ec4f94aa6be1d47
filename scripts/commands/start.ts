import { join } from "node:path";
import { createClient } from "@social-interactions/sdk";
import type { Command } from "commander";
import type { LocalServer } from "tb-embedded";
import { isRecord } from "../json.ts";
import { type Delivery, deliveryLine, deliveryOf, exitCodeOfDelivery } from "../rows/delivery.ts";
import { sendLive } from "../rows/live.ts";
import { paced, whileOpen } from "../rows/pace.ts";
import { browserUrls, callLines, exampleCalls, type RoleTokens } from "../server/calls.ts";
import { type BuiltPage, builtPage } from "../server/page.ts";
import { describeError, EXIT, Failure } from "../terminal/failure.ts";
import { numberFromZero, port, positiveNumber, wholeNumber } from "../terminal/options.ts";
import { note, print } from "../terminal/output.ts";
import { startProgress } from "../terminal/progress.ts";
import { exitCodeOf, type Interruption, interruption } from "../terminal/signals.ts";
import { renderRows } from "../terminal/table.ts";

type Options = {
  readonly events: number;
  readonly rate?: number;
  readonly live: number;
  readonly port: number;
  readonly dataDir?: string;
  readonly once?: boolean;
};

/** Which interactions they are: equal runs are about the same people and contents. */
type Run = { readonly events: number; readonly seed: number; readonly asOf: Date };

/** The folder with the datafiles. */
const PROJECT = join(import.meta.dirname, "../..");
const WINDOW_HOURS = 72;
const TABLE_ROWS = 10;
/** Milliseconds between two updates of the bar. */
const PROGRESS_INTERVAL_MS = 100;
/** Interactions per second that go on arriving: something moves, and a day of it is still half a million rows. */
const LIVE_RATE = 5;
const MAX_LIVE_RATE = 1_000;

const EXAMPLES = `
Examples:
  npm start
  npm start -- --events 200000 --port 7282
  npm start -- --rate 500 --data-dir ./data
  npm start -- --live 0                (one round, then it only serves)
  npm start -- --once                  (one round, then the end)

No account and no Docker are needed. After the round interactions go on arriving until Ctrl-C, which sends the last of
them, closes the server and ends with exit code 130.
`;

export function registerStart(program: Command): void {
  program
    .command("start")
    .description("Start a server, stream interactions into it and show what is trending")
    .option("--events <count>", "interactions to generate", wholeNumber(0, 100_000_000), 20_000)
    .option(
      "--rate <number>",
      "interactions per second (default: as fast as possible)",
      positiveNumber(1_000_000),
    )
    .option(
      "--live <number>",
      "interactions per second that go on arriving after the round; 0: none",
      numberFromZero(MAX_LIVE_RATE),
      LIVE_RATE,
    )
    .option("--port <port>", "port on 127.0.0.1; 0 picks a free one", port, 7181)
    .option("--data-dir <folder>", "where rows are kept (default: a temporary folder, removed at the end)")
    .option("--once", "end after the first round")
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await start(options);
    });
}

async function start(options: Options): Promise<number> {
  const interrupted = interruption();
  const { port, dataDir } = options;
  // The engine is a large library, and there is none for some platforms: commands that need no server do without it.
  const { startLocal } = await import("tb-embedded");
  const page = await builtPage();
  const dashboard = "folder" in page ? page.folder : null;
  const server = await startLocal({
    port,
    project: PROJECT,
    ...(dashboard && { dashboard }),
    ...(dataDir && { dataDir }),
  });
  try {
    const run = newRun(options.events);
    const code = await round(server, run, options, interrupted);
    if (options.once || interrupted.signal.aborted) return await endOf(code, interrupted);
    await print(`\n${pageLine(server.url, page)}\nServing on ${server.url}. Ctrl-C ends it.\n`);
    if (options.live > 0) await goOn(server, run, options.live, interrupted.signal);
    await interrupted.happened;
    return await endOf(code, interrupted);
  } finally {
    await server.close();
    interrupted.dispose();
  }
}

/** A seed of its own for each run: rows of an earlier one in the same data folder stay apart. */
function newRun(events: number): Run {
  const asOf = new Date();
  return { events, seed: asOf.getTime() % 2 ** 32, asOf };
}

/** Where to look, last of all that is printed. */
function pageLine(url: string, page: BuiltPage): string {
  return "folder" in page ? `Dashboard: ${url}/dashboard/` : page.reason;
}

async function endOf(code: number, { signal, happened }: Interruption): Promise<number> {
  return signal.aborted ? exitCodeOf(await happened) : code;
}

/** Generates, sends, shows. */
async function round(
  server: LocalServer,
  run: Run,
  options: Options,
  interrupted: Interruption,
): Promise<number> {
  await print(`Embedded Tinybird-compatible server on ${server.url}\n`);
  const tokens = await roleTokens(server);
  const delivery = await stream(server.url, tokens.tracker, run, options.rate, interrupted.signal);
  await print(`${deliveryLine(delivery)}\n`);
  if (interrupted.signal.aborted) return EXIT.interrupted;
  await print(`\nTrending in the last 24 hours\n${await trending(server.url, tokens.dashboard)}\n`);
  await print(`\n${callLines(exampleCalls(server.url, tokens, new Date()))}\n`);
  await print(`\n# In a browser\n${browserUrls(server.url, tokens.dashboard).join("\n")}\n`);
  return exitCodeOfDelivery(delivery);
}

async function stream(
  host: string,
  token: string,
  run: Run,
  rate: number | undefined,
  signal: AbortSignal,
): Promise<Delivery> {
  // Mockingbird loads slowly; the other commands do not need it.
  const { generateInteractions } = await import("../generate.ts");
  const rows = generateInteractions({ ...run, hours: WINDOW_HOURS });
  const client = createClient({ host, token });
  const progress = startProgress({
    label: "streaming",
    unit: "interactions",
    total: run.events,
    stream: process.stderr,
  });
  const settled = () => {
    const { delivered, quarantined, undeliverable } = client.stats();
    return delivered + quarantined + undeliverable;
  };
  const timer = setInterval(() => progress.update(settled()), PROGRESS_INTERVAL_MS);
  try {
    const pace = rate === undefined ? whileOpen(rows, signal) : paced(rows, { rate, signal });
    const summary = await client.socialInteractions.sendAll(pace);
    progress.update(settled());
    return deliveryOf(summary, 0);
  } finally {
    clearInterval(timer);
    progress.stop();
    await client.close();
  }
}

/** More of the same, slowly, until the signal. Whatever becomes of it, the server goes on. */
async function goOn(server: LocalServer, run: Run, rate: number, signal: AbortSignal): Promise<void> {
  try {
    const { interactionsAfter } = await import("../generate.ts");
    const client = createClient({ host: server.url, token: await namedToken(server, "tracker") });
    const delivery = await sendLive(client, interactionsAfter(run), { rate, signal });
    await print(`\nlive: ${deliveryLine(delivery)}\n`);
  } catch (error) {
    note(`live interactions ended: ${describeError(error, false)}`);
  }
}

async function trending(host: string, token: string): Promise<string> {
  const client = createClient({ host, token });
  try {
    const { meta, data } = await client.trendingContent({ limit: TABLE_ROWS });
    return renderRows(meta, data, process.stdout);
  } finally {
    await client.close();
  }
}

/** The tokens that the datafiles ask for: one may only append rows, the other only read. */
async function roleTokens(server: LocalServer): Promise<RoleTokens> {
  const [tracker, dashboard] = await Promise.all([
    namedToken(server, "tracker"),
    namedToken(server, "dashboard"),
  ]);
  return { tracker, dashboard };
}

async function namedToken({ url, tokens }: LocalServer, name: string): Promise<string> {
  const headers = { Authorization: `Bearer ${tokens.workspace_admin_token}` };
  const response = await fetch(`${url}/v0/tokens/${name}`, { headers });
  const answer: unknown = await response.json();
  if (isRecord(answer) && typeof answer.token === "string") return answer.token;
  throw new Failure(`The datafiles make no token '${name}': a line such as TOKEN "${name}" is missing`);
}
