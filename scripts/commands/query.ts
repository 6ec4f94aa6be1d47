import type { Command } from "commander";
import { Option } from "commander";
import { isRecord, parseJson } from "../json.ts";
import { resolveTarget, type Target, type TargetOptions, unreachable } from "../server/target.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { print } from "../terminal/output.ts";
import { type Column, type Rows, renderTable } from "../terminal/table.ts";

const FORMATS = ["table", "json", "csv", "ndjson"] as const;
type Format = (typeof FORMATS)[number];
type Options = TargetOptions & { readonly format?: Format; readonly param?: readonly Parameter[] };

export type Parameter = [name: string, value: string];

const EXAMPLES = `
Examples:
  npm run cli -- query trending_content --hours_back 48 --platform_filter twitter --limit 5
  npm run --silent cli -- query interactions_by_platform --format csv > platforms.csv
  npm run cli -- query some_pipe --param format=x     (for a parameter that is called like an option)

Every other --name value, or --name=value, is a parameter of the pipe; a repeated one becomes a list.
`;

export function registerQuery(program: Command): void {
  program
    .command("query")
    .description("Call an endpoint and show its rows")
    .argument("<pipe>", "name of the pipe")
    .option("--host <url>", "server (default: TB_HOST, else the local one)")
    .option("--token <token>", "token (default: TB_TOKEN, else the local server's own)")
    .addOption(
      new Option("--format <format>", "default: table on a terminal, json elsewhere").choices(FORMATS),
    )
    .option("-p, --param <name=value>", "a parameter of the pipe", collectParameter)
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText("after", EXAMPLES)
    .action(async (pipe: string, options: Options, command: Command) => {
      const parameters = [...(options.param ?? []), ...parameterList(command.args.slice(1))];
      process.exitCode = await query(pipe, parameters, options);
    });
}

async function query(pipe: string, parameters: readonly Parameter[], options: Options): Promise<number> {
  const target = await resolveTarget(options, process.env);
  const format = options.format ?? (process.stdout.isTTY ? "table" : "json");
  const text = await fetchPipe(target, pipe, parameters, format === "table" ? "json" : format);
  await print(format === "table" ? asTable(text) : text.endsWith("\n") ? text : `${text}\n`);
  return EXIT.fine;
}

async function fetchPipe(
  target: Target,
  pipe: string,
  parameters: readonly Parameter[],
  format: string,
): Promise<string> {
  const search = new URLSearchParams([...parameters]);
  const url = `${target.host}/v0/pipes/${encodeURIComponent(pipe)}.${format}${search.size > 0 ? `?${search}` : ""}`;
  const headers = { Authorization: `Bearer ${target.token}` };
  const response = await fetch(url, { headers }).catch((cause: unknown) => {
    throw unreachable(target.host, cause);
  });
  const text = await response.text();
  if (!response.ok) throw new Failure(serverSentence(text, response.status));
  return text;
}

/** The server's own sentence when its body has one. */
export function serverSentence(body: string, status: number): string {
  const answer = parseJson(body);
  return isRecord(answer) && typeof answer.error === "string"
    ? answer.error
    : `The server answered with status ${status}: ${body.slice(0, 500).trim() || "no text"}`;
}

/** `["--a", "1", "--b=2"]` → `[["a", "1"], ["b", "2"]]`. @throws {Failure} (usage) for anything else. */
export function parameterList(words: readonly string[]): Parameter[] {
  const parameters: Parameter[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const [, name, value] = /^--([A-Za-z_]\w*)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) throw usage(`expected --name value, got '${word}'`);
    const given = value ?? words[++i];
    if (given === undefined) throw usage(`the parameter --${name} has no value`);
    parameters.push([name, given]);
  }
  return parameters;
}

function collectParameter(text: string, collected: readonly Parameter[] = []): Parameter[] {
  const at = text.indexOf("=");
  if (at <= 0) throw usage(`expected --param name=value, got '${text}'`);
  return [...collected, [text.slice(0, at), text.slice(at + 1)]];
}

function usage(message: string): Failure {
  return new Failure(message, { exitCode: EXIT.usage });
}

function asTable(body: string): string {
  const answer = parseJson(body);
  if (!isRecord(answer) || !isColumns(answer.meta) || !isRows(answer.data)) {
    throw new Failure("The server's answer has no `meta` and `data`: use --format json to see it");
  }
  const { length } = answer.data;
  return `${renderTable(answer.meta, answer.data, process.stdout.columns)}\n${length} ${length === 1 ? "row" : "rows"}\n`;
}

function isColumns(value: unknown): value is Column[] {
  return (
    Array.isArray(value) &&
    value.every((item) => isRecord(item) && typeof item.name === "string" && typeof item.type === "string")
  );
}

function isRows(value: unknown): value is Rows {
  return Array.isArray(value) && value.every(isRecord);
}
