import { interpret } from "./evaluation/interpret.ts";
import type { Run } from "./evaluation/run.ts";
import { Scope } from "./evaluation/scope.ts";
import { Raised, refusal } from "./faults.ts";
import type { Arguments } from "./functions/arguments.ts";
import { firstArgument } from "./functions/casts.ts";
import { missingSecret } from "./functions/settings.ts";
import { Budget } from "./limits.ts";
import { parseBlocks } from "./tags/blocks.ts";
import { strOf } from "./values/text.ts";
import type { Callable, Value } from "./values/value.ts";

/** What an empty secret prints, so that the line of the datafile keeps its value. */
const EMPTY = '""';

/**
 * The text of a `.datasource` or `.connection` file with each `{{ tb_secret('name', 'default') }}` replaced by the value
 * itself, unescaped. No other function exists there.
 * @param secrets values by name
 * @throws TinybirdError TEMPLATE for a secret that is missing and has no default, and for anything else in a tag
 */
export function renderSecrets(text: string, secrets: ReadonlyMap<string, string>): string {
  const { nodes, assigned, fault } = parseBlocks(text);
  if (fault !== undefined) throw failed(fault);
  const run = datafileRun();
  const scope = new Scope(
    new Map([["tb_secret", reader(secrets)]]),
    { assigned, read: new Set() },
    new Map(),
    false,
  );
  try {
    return interpret(nodes, { run, scope, print: (value) => strOf(value, run.budget) || EMPTY });
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    throw failed(error.message);
  }
}

function reader(secrets: ReadonlyMap<string, string>): Callable {
  const call = (args: Arguments, run: Run): Value => {
    const [given, fallback = null] = args.bind("name", "default");
    const name = strOf(firstArgument(given), run.budget);
    const value = secrets.get(name) ?? fallback;
    if (value === null) throw refusal(missingSecret(name));
    return value;
  };
  return { kind: "function", name: "tb_secret", call };
}

function failed(problem: string) {
  return refusal(`Error rendering template with secrets: ${problem}`);
}

function datafileRun(): Run {
  return {
    check: false,
    budget: new Budget(),
    secrets: { available: new Set(), ignoreMissing: false, used: new Set() },
    settings: new Map(),
    required: [],
  };
}
