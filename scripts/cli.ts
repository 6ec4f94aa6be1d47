import { Command, CommanderError } from "commander";
import { registerBench } from "./commands/bench.ts";
import { registerDashboard } from "./commands/dashboard.ts";
import { registerErase } from "./commands/erase.ts";
import { registerGenerate } from "./commands/generate.ts";
import { registerGolden } from "./commands/golden.ts";
import { registerLocal } from "./commands/local.ts";
import { registerQuery } from "./commands/query.ts";
import { registerSend } from "./commands/send.ts";
import { registerStart } from "./commands/start.ts";
import { registerTypes } from "./commands/types.ts";
import { describeError, EXIT, Failure } from "./terminal/failure.ts";
import { endWithReader, note } from "./terminal/output.ts";

const EPILOGUE = `
Exit codes: 0 fine, 1 something failed or was not delivered, 2 wrong usage, 130 ended by Ctrl-C.
Set DEBUG=1 or give --verbose to see the stack trace of an error.
`;

function program(): Command {
  const program = new Command("npm run cli --")
    .description("Social interactions on Tinybird: try it, send, query, generate")
    .option("--verbose", "show the stack trace of an error")
    .addHelpText("after", EPILOGUE)
    .showHelpAfterError("(--help shows how)")
    .exitOverride();
  registerStart(program);
  registerLocal(program);
  registerDashboard(program);
  registerGenerate(program);
  registerSend(program);
  registerQuery(program);
  registerErase(program);
  registerTypes(program);
  registerGolden(program);
  registerBench(program);
  return program;
}

/** The exit code of an error; what commander found wrong it has already printed. */
function exitCodeOfError(error: unknown, verbose: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  note(describeError(error, verbose));
  return error instanceof Failure ? error.exitCode : EXIT.failed;
}

endWithReader();
const commands = program();
try {
  await commands.parseAsync();
} catch (error) {
  const verbose = commands.opts<{ verbose?: boolean }>().verbose === true || Boolean(process.env.DEBUG);
  process.exitCode = exitCodeOfError(error, verbose);
}
