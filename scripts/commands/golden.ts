import { Argument, type Command } from "commander";
import { GOLDEN_EXCEPTIONS } from "../golden-exceptions.ts";
import { EXIT } from "../terminal/failure.ts";

export type GoldenResult = {
  readonly passed: number;
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
};

const EXAMPLES = `
Examples:
  npm run golden -- templates cases/templates.jsonl
  npm run golden -- datafiles cases/datafiles.jsonl

Lists the failing cases and ends with the line "N passed, N failed".
`;

export function registerGolden(program: Command): void {
  program
    .command("golden")
    .description("Run a file of cases against the template engine or the datafile parser")
    .addArgument(new Argument("<kind>", "what the cases are about").choices(["templates", "datafiles"]))
    .argument("<file>", "the cases, one JSON object a line")
    .addHelpText("after", EXAMPLES)
    .action(async (kind: "templates" | "datafiles", file: string) => {
      process.exitCode = report(await runCases(kind, file), (line) => console.log(line));
    });
}

async function runCases(kind: "templates" | "datafiles", file: string): Promise<GoldenResult> {
  if (kind === "templates") return (await import("../golden-templates.ts")).goldenTemplates(file);
  return (await import("../golden-datafiles.ts")).goldenDatafiles(file);
}

/** A line for each failing case, then the counts; answers the exit code. A file without cases proves nothing: it fails. */
export function report({ passed, failed }: GoldenResult, write: (line: string) => void): number {
  for (const { id, reason } of failed) {
    const exception = GOLDEN_EXCEPTIONS.get(id);
    write(`${id}: ${reason}${exception === undefined ? "" : ` (a known exception: ${exception})`}`);
  }
  write(`${passed} passed, ${failed.length} failed`);
  return failed.length > 0 || passed === 0 ? EXIT.failed : EXIT.fine;
}
