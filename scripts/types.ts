import { Command } from "commander";
import { registerTypes } from "./commands/types.ts";
import { describeError, EXIT } from "./terminal/failure.ts";

// The command alone: the other commands import the SDK, which cannot be loaded while its generated file is missing or broken.
const program = new Command("npm run");
registerTypes(program);
try {
  await program.parseAsync(["types", ...process.argv.slice(2)], { from: "user" });
} catch (error) {
  console.error(describeError(error, Boolean(process.env.DEBUG)));
  process.exitCode = EXIT.failed;
}
