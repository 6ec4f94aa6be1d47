import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Bench, Figure } from "../bench/bench.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { note, print } from "../terminal/output.ts";
import { exitCodeOf, interruption } from "../terminal/signals.ts";

const FOLDER = join(import.meta.dirname, "../bench");
/** Files of the folder that are no benchmark. */
const NO_BENCH = /(?:^bench|\.test|\.d)\.ts$/;

export function registerBench(program: Command): void {
  program
    .command("bench")
    .description("Measure, each figure beside the floor of the same run")
    .argument("<name>", `one of: ${benchNames().join(", ")}`)
    .argument("[args...]", "what the benchmark takes, such as a number of rows")
    .option("--json", "one JSON object a figure")
    .action(async (name: string, args: string[], options: { json?: boolean }) => {
      process.exitCode = await runBench(name, args, options.json === true);
    });
}

export function benchNames(): string[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".ts") && !NO_BENCH.test(file));
  return files.map((file) => file.slice(0, -".ts".length)).sort();
}

async function runBench(name: string, args: readonly string[], json: boolean): Promise<number> {
  if (!benchNames().includes(name)) {
    throw new Failure(`There is no benchmark '${name}'; expected one of ${benchNames().join(", ")}`);
  }
  const { bench } = (await import(`../bench/${name}.ts`)) as { bench: Bench };
  const { signal, happened, dispose } = interruption();
  let over = 0;
  try {
    for await (const figure of bench.run({ args, signal, note })) {
      await print(`${json ? JSON.stringify(figure) : figureLine(figure)}\n`);
      if (isOver(figure)) over++;
      if (signal.aborted) break;
    }
    if (signal.aborted) return exitCodeOf(await happened);
    if (over > 0) note(`${over} over budget`);
    return over > 0 ? EXIT.failed : EXIT.fine;
  } finally {
    dispose();
  }
}

/** Whether a figure is more than it may be. */
export function isOver({ value, ratio, most }: Figure): boolean {
  return most !== undefined && (ratio?.value ?? value) > most;
}

/** Characters kept for the name of a figure. */
const NAME_WIDTH = 52;

/** `name   1,234.5 ms   0.87 × floor   (at most 1)   (aim: …)`. */
export function figureLine(figure: Figure): string {
  const { what, value, unit, ratio, most, aim } = figure;
  const number = value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 3 : 1 });
  const beside = ratio === undefined ? "" : `   ${ratio.value.toFixed(2)} × ${ratio.of}`;
  const limit = most === undefined ? "" : `   (${isOver(figure) ? "OVER the most of" : "at most"} ${most})`;
  const wanted = aim === undefined ? "" : `   (aim: ${aim})`;
  return `${what.padEnd(NAME_WIDTH)} ${number.padStart(12)} ${unit}${beside}${limit}${wanted}`;
}
