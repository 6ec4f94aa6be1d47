import type { Command } from "commander";
import { EXIT } from "../terminal/failure.ts";
import { moment, positiveNumber, wholeNumber } from "../terminal/options.ts";
import { print } from "../terminal/output.ts";
import { interruption } from "../terminal/signals.ts";

type Options = {
  readonly events: number;
  readonly seed: number;
  readonly hours: number;
  readonly asOf?: Date;
};

const EXAMPLES = `
Examples:
  npm run --silent cli -- generate --events 1000 --seed 7 --as-of 2026-01-31T12:00:00Z > interactions.ndjson
  npm run --silent cli -- generate | npm run --silent cli -- send -

Equal --events, --seed, --hours and --as-of give equal bytes.
`;

export function registerGenerate(program: Command): void {
  program
    .command("generate")
    .description("Print made-up social interactions, one JSON object a line")
    .option("--events <count>", "number of interactions", wholeNumber(0, 100_000_000), 20_000)
    .option("--seed <number>", "where the random numbers start", wholeNumber(0, 2 ** 32 - 1), 1)
    .option("--hours <hours>", "length of the time window", positiveNumber(366 * 24), 72)
    .option(
      "--as-of <moment>",
      "end of the time window, for example 2026-01-31T12:00:00Z (default: now)",
      moment,
    )
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await generate(options);
    });
}

/** Lines written at a time. */
const LINES_PER_WRITE = 500;

async function generate({ asOf = new Date(), ...options }: Options): Promise<number> {
  // Mockingbird loads slowly; the other commands do not need it.
  const { generateInteractions } = await import("../generate.ts");
  const { signal, dispose } = interruption();
  let lines: string[] = [];
  for (const interaction of generateInteractions({ ...options, asOf })) {
    lines.push(JSON.stringify(interaction));
    if (lines.length < LINES_PER_WRITE) continue;
    await print(`${lines.join("\n")}\n`);
    lines = [];
    // Signals are delivered between turns of the event loop only.
    await new Promise(setImmediate);
    if (signal.aborted) return EXIT.interrupted;
  }
  if (lines.length > 0) await print(`${lines.join("\n")}\n`);
  dispose();
  return EXIT.fine;
}
