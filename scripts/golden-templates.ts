import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import {
  isTemplate,
  parseTemplate,
  type Rendered,
  renderSecrets,
  renderTemplate,
  type Template,
  TinybirdError,
  templateBuildFault,
  templateParameters,
  templateTables,
} from "tb-embedded";
import type { GoldenResult } from "./golden-datafiles.ts";

/** One line of a file of cases: a template, what it is given, and what Tinybird's own engine makes of it. */
interface Case {
  readonly id: string;
  /** 1: part of the contract; 2: a corner of Python. Both count. */
  readonly tier: 1 | 2;
  readonly template: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Names the workspace has; in a datafile, values by name. */
  readonly secrets?: readonly string[] | Readonly<Record<string, string>>;
  readonly datafile?: boolean;
  readonly check?: boolean;
  readonly ignore_secrets?: boolean;

  readonly sql?: string;
  readonly error?: string;
  readonly error_kind?: "template" | "parse" | "value" | "custom" | "python";
  /** `exact`: the message; `prefix`: it starts with `error_prefix`; `any`: it fails. */
  readonly error_match?: "exact" | "prefix" | "any";
  readonly error_prefix?: string;
  readonly error_code?: number;
  readonly error_body?: unknown;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly secrets_used?: readonly string[];
  readonly warnings?: readonly string[];
  readonly tables?: readonly string[];
  readonly variables?: readonly unknown[];
  readonly build_error?: string;
}

/**
 * Runs every case of a file of template cases (JSON lines) through the public door of `tb-embedded`.
 * @throws the file system's error when the file cannot be read, SyntaxError when a line is not JSON
 */
export function goldenTemplates(path: string): GoldenResult {
  const lines = readFileSync(path, "utf8").split("\n");
  const cases = lines.filter((line) => line.trim() !== "").map((line): Case => JSON.parse(line));
  const failed = cases.flatMap((one) => {
    const reason = failureOf(one);
    return reason === undefined ? [] : [{ id: one.id, reason: `tier ${one.tier}: ${reason}` }];
  });
  return { passed: cases.length - failed.length, failed };
}

function failureOf(one: Case): string | undefined {
  if (one.datafile === true)
    return outcomeFailure(
      one,
      attempt(() => renderDatafile(one)),
    );
  const parsed = attempt(() => parseTemplate(one.template));
  if (!parsed.ok) return outcomeFailure(one, parsed);
  const rendered = attempt(() => render(one, parsed.value));
  const sql = rendered.ok ? { ok: true as const, value: rendered.value.sql } : rendered;
  return (
    outcomeFailure(one, sql) ??
    (rendered.ok ? recordFailure(one, parsed.value, rendered.value) : undefined) ??
    listingFailure(one, parsed.value)
  );
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

function attempt<T>(action: () => T): Attempt<T> {
  try {
    return { ok: true, value: action() };
  } catch (error) {
    return { ok: false, error };
  }
}

function renderDatafile({ template, secrets = {} }: Case): string {
  return renderSecrets(template, new Map(Object.entries(secrets)));
}

function render(one: Case, template: Template): Rendered {
  return renderTemplate(template, {
    params: one.params,
    secrets: new Set(Array.isArray(one.secrets) ? one.secrets : []),
    check: one.check ?? false,
    ignoreMissingSecrets: one.ignore_secrets ?? false,
  });
}

/** Whether the SQL, or the error, is the expected one. */
function outcomeFailure(one: Case, outcome: Attempt<string>): string | undefined {
  if (outcome.ok) {
    if (one.sql === undefined)
      return `rendered ${show(outcome.value)}, expected the error ${show(one.error)}`;
    return difference("sql", outcome.value, one.sql);
  }
  const { error } = outcome;
  if (!(error instanceof TinybirdError)) return `threw ${String(error)}, which is no TinybirdError`;
  if (one.sql !== undefined) return `failed with ${show(error.message)}, expected ${show(one.sql)}`;
  return messageFailure(one, error.message) ?? answerFailure(one, error);
}

function messageFailure({ error, error_match, error_prefix }: Case, message: string): string | undefined {
  if (error_match === "exact") return difference("message", message, error);
  const fits = error_match !== "prefix" || message.startsWith(error_prefix ?? "");
  return fits ? undefined : `message ${show(message)} does not start with ${show(error_prefix)}`;
}

function answerFailure({ error_code = 400, error_body }: Case, error: TinybirdError): string | undefined {
  return difference("status", error.status, error_code) ?? difference("body", error.body, error_body);
}

function recordFailure(one: Case, template: Template, rendered: Rendered): string | undefined {
  return (
    difference("settings", rendered.settings, one.settings ?? {}) ??
    difference("secrets", rendered.secrets, one.secrets_used ?? []) ??
    difference("warnings", rendered.warnings, one.warnings ?? []) ??
    difference("tables", templateTables(template), one.tables ?? [])
  );
}

function listingFailure(one: Case, template: Template): string | undefined {
  const buildFault = difference("build error", templateBuildFault(template), one.build_error);
  if (buildFault !== undefined || !isTemplate(one.template)) return buildFault;
  const listed = attempt(() => templateParameters(template));
  if (listed.ok) return difference("variables", listed.value, one.variables);
  return one.variables === undefined ? undefined : `parameters: threw ${String(listed.error)}`;
}

function difference(what: string, got: unknown, expected: unknown): string | undefined {
  if (isDeepStrictEqual(got, expected)) return undefined;
  return `${what}: expected ${show(expected)}, got ${show(got)}`;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
