import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { EXIT } from "../terminal/failure.ts";
import { note, print } from "../terminal/output.ts";

const ROOT = join(import.meta.dirname, "../..");

type Options = { readonly project: string; readonly out: string; readonly check?: boolean };

const EXAMPLES = `
Examples:
  npm run types
  npm run types -- --check      (exit 1 when the file does not fit the datafiles)
`;

export function registerTypes(program: Command): void {
  program
    .command("types")
    .description("Write the SDK's types from the datafiles")
    .option("--project <folder>", "folder with the datafiles", ROOT)
    .option("--out <file>", "file to write", join(ROOT, "sdk/src/schema.generated.ts"))
    .option("--check", "write nothing; fail when the file is stale")
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await types(options);
    });
}

/** Writes the file, or with `check` says whether it is what would be written. Answers the exit code. */
export async function types({ project, out, check = false }: Options): Promise<number> {
  const { generateSchema } = await import("../types/generate.ts");
  const expected = await generateSchema(project);
  const current = await readFile(out, "utf8").catch(() => "");
  if (current === expected) {
    await print(`${out} fits the datafiles\n`);
    return EXIT.fine;
  }
  if (check) {
    note(`${out} does not fit the datafiles: ${firstDifference(current, expected)}. Run: npm run types`);
    return EXIT.failed;
  }
  await writeFile(out, expected);
  await print(`wrote ${out}\n`);
  return EXIT.fine;
}

function firstDifference(current: string, expected: string): string {
  const [before, after] = [current.split("\n"), expected.split("\n")];
  const index = after.findIndex((line, at) => line !== before[at]);
  const at = index === -1 ? after.length : index;
  return `line ${at + 1} is '${before[at]?.trim() ?? ""}', expected '${after[at]?.trim() ?? ""}'`;
}
