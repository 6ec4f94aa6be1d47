import type { Run } from "../evaluation/run.ts";
import { invalid, Raised, requested } from "../faults.ts";
import { commentLine, queryParameter } from "../sql-text.ts";
import { jsonText, toJson } from "../values/json.ts";
import { strOf } from "../values/text.ts";
import { numberOf, sql, symbol, type Value } from "../values/value.ts";
import type { Arguments } from "./arguments.ts";
import { firstArgument } from "./casts.ts";
import { toInteger } from "./number-builtins.ts";

/** Lifetimes that `cache_ttl` takes. */
const TTLS = ["5s", "1m", "5m", "30m", "1h"];
/** Features that `activate` takes. */
const FEATURES = ["analyzer", "parallel_replicas", "optimize_aggregation_in_order"];
/** The feature that `disable` takes, or any part of its name. */
const DISABLED_FEATURE = "analyzer";

/** `max_threads(n)`: the last call wins; what is no whole number is only noted in the SQL. */
export function maxThreads(args: Arguments, run: Run): Value {
  const [text, value] = setting(args, run);
  const threads = tryInteger(value, run);
  if (threads === undefined) return sql(commentLine(`max_threads: wrong argument ${text}`));
  run.settings.set("max_threads", Number(threads));
  return sql(commentLine(`max_threads ${text}`));
}

/** `backend_hint(name)`; None and False unset it. */
export function backendHint(args: Arguments, run: Run): Value {
  const [text, value] = setting(args, run);
  run.settings.set("backend_hint", value === null || value === false ? null : text);
  return sql(commentLine(`backend_hint ${text}`));
}

/** `cache_ttl(lifetime)`. */
export function cacheTtl(args: Arguments, run: Run): Value {
  const [text] = setting(args, run);
  if (!TTLS.includes(text)) {
    const valid = TTLS.map((ttl) => `'${ttl}'`).join(", ");
    throw invalid(`Invalid TTL cache expression, valid expressions are (${valid})`);
  }
  run.settings.set("cache_ttl", text);
  return sql(commentLine(`cache_ttl ${text}`));
}

/** `activate(feature)`: features add up. */
export function activate(args: Arguments, run: Run): Value {
  const [text] = setting(args, run);
  if (!FEATURES.includes(text)) throw invalid(`'${text}' is not a valid 'activate' argument`);
  const active = run.settings.get("activate");
  run.settings.set("activate", [...new Set([...(Array.isArray(active) ? active : []), text])]);
  return sql(commentLine(`activate ${text}`));
}

/** `disable(feature)`. */
export function disable(args: Arguments, run: Run): Value {
  const [text] = setting(args, run);
  if (!DISABLED_FEATURE.includes(text)) throw invalid(`'${text}' is not a valid 'disable' argument`);
  run.settings.set("disable", text);
  return sql(commentLine(`disable ${text}`));
}

function setting(args: Arguments, run: Run): readonly [string, Value] {
  const [given] = args.bind("value");
  const value = firstArgument(given);
  return [strOf(value, run.budget), value];
}

function tryInteger(value: Value, run: Run): bigint | undefined {
  try {
    return toInteger(value, run);
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    run.budget.spendCatch();
    return undefined;
  }
}

/** Workspaces may keep a secret under this prefix. */
const SECRET_PREFIX = "tb_secret_";

/** `tb_secret(name, default)`: a query parameter that the engine binds, so that the secret is never in the SQL. */
export function secret(args: Arguments, run: Run): Value {
  const [given, fallback] = args.bind("name", "default");
  const name = strOf(firstArgument(given), run.budget);
  const { available, used, ignoreMissing } = run.secrets;
  if (available.has(name) || available.has(SECRET_PREFIX + name)) {
    used.add(name);
    return symbol(queryParameter(checkedName(name)));
  }
  if (fallback !== undefined && fallback !== null) return fallback;
  if (run.check && ignoreMissing) return symbol(queryParameter(checkedName(name)));
  throw invalid(missingSecret(name));
}

/** What is said of a secret that is not there. */
export function missingSecret(name: string): string {
  return `Cannot access secret '${name}'. Check the secret exists in the Workspace and the token has the required scope.`;
}

function checkedName(name: string): string {
  if (!/^\w+$/.test(name)) throw invalid(`'${name}' is not the name of a secret: letters, digits and _ only`);
  return name;
}

/** What a refusal prints in a check, where nothing is refused. */
const CHECKED_REFUSAL = "-- {x} \n";

/** `error(message)`: refuses the request with that text. */
export function refuse(args: Arguments, run: Run): Value {
  const [given] = args.bind("message");
  if (run.check) return sql(CHECKED_REFUSAL);
  throw requested(strOf(firstArgument(given), run.budget));
}

/** HTTP statuses a pipe may answer a refusal with. */
const STATUS_RANGE = { low: 200, high: 599 };

/** `custom_error(body, code=400)`: refuses it with that status; a dict is the JSON body itself. */
export function refuseWith(args: Arguments, run: Run): Value {
  const [given, code = 400n] = args.bind("error", "code");
  if (run.check) return sql(CHECKED_REFUSAL);
  const status = Number(numberOf(code));
  if (!Number.isInteger(status) || status < STATUS_RANGE.low || status > STATUS_RANGE.high) {
    throw invalid(`custom_error() takes an HTTP status from ${STATUS_RANGE.low} to ${STATUS_RANGE.high}`);
  }
  const value = firstArgument(given);
  if (typeof value !== "object" || value?.kind !== "dict") {
    throw requested(strOf(value, run.budget), { status });
  }
  const body = toJson(value, run.budget);
  throw requested(jsonText(body), { status, body });
}
