import { fault } from "../errors.ts";
import { lengthFault } from "./evaluation/calls.ts";
import { interpret } from "./evaluation/interpret.ts";
import type { Run } from "./evaluation/run.ts";
import { Scope } from "./evaluation/scope.ts";
import { Raised } from "./faults.ts";
import { parsedArray } from "./functions/array.ts";
import { FUNCTIONS } from "./functions/table.ts";
import { Budget } from "./limits.ts";
import { printed } from "./sql-text.ts";
import type { Template } from "./template.ts";
import { fromPlain } from "./values/plain.ts";
import type { Value } from "./values/value.ts";

export interface RenderRequest {
  /** Request values by name: text from a query string, any JSON from a body. Absent and null are the same. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of the workspace's secrets. Default: none. */
  readonly secrets?: ReadonlySet<string>;
  /** True to look at a template without a request: absent values become placeholders, `error()` does not refuse. */
  readonly check?: boolean;
  /** In a check, prints secrets that the workspace lacks instead of refusing them. */
  readonly ignoreMissingSecrets?: boolean;
  /** The clock behind `job_timestamp`, which is the current time in UTC when the request lacks it. */
  readonly now?: () => Date;
}

export interface Rendered {
  readonly sql: string;
  /** What `max_threads`, `backend_hint`, `cache_ttl`, `activate` and `disable` recorded, by function name. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Names of the secrets the SQL reads as query parameters `{name: String}`. */
  readonly secrets: readonly string[];
  /** Parameters named like one of the API's own, once for each use. */
  readonly warnings: readonly string[];
}

/**
 * Renders a template for one request.
 * @throws TinybirdError TEMPLATE (400); CUSTOM_ERROR with the status and, for a dict, the `body` that the template chose
 */
export function renderTemplate(template: Template, request: RenderRequest): Rendered {
  if (template.fault !== undefined) throw fault("TEMPLATE", template.fault);
  const run = startRun(template, request);
  const values = requestValues(template, request, run.budget);
  const scope = new Scope(FUNCTIONS, template.names, values, run.check);
  const print = (value: Value) => printed(value, run.budget);
  try {
    return {
      sql: interpret(template.nodes, { run, scope, print }),
      settings: Object.fromEntries(run.settings),
      secrets: [...run.secrets.used],
      warnings: template.warnings,
    };
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    throw isAboutLength(error, template, values) ? lengthFault().error : error.error;
  }
}

function startRun(template: Template, request: RenderRequest): Run {
  return {
    check: request.check ?? false,
    budget: new Budget(),
    secrets: {
      available: request.secrets ?? new Set(),
      ignoreMissing: request.ignoreMissingSecrets ?? false,
      used: new Set(),
    },
    settings: new Map(),
    required: template.required,
  };
}

/** A parameter with the current time as its value when the request has none. */
const JOB_TIMESTAMP = "job_timestamp";

function requestValues(
  template: Template,
  request: RenderRequest,
  budget: Budget,
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, data] of Object.entries(request.params)) {
    const value = fromPlain(data, budget);
    if (value !== null) values.set(name, value);
  }
  for (const [name, element] of template.arrays) {
    const value = values.get(name);
    const parsed = value === undefined ? undefined : parsedArray(value, element, budget);
    if (parsed !== undefined) values.set(name, parsed);
  }
  if (template.names.read.has(JOB_TIMESTAMP) && !values.has(JOB_TIMESTAMP)) {
    values.set(JOB_TIMESTAMP, timestamp(request.now?.() ?? new Date()));
  }
  return values;
}

function timestamp(time: Date): string {
  return time.toISOString().slice(0, "YYYY-MM-DDThh:mm:ss".length).replace("T", " ");
}

/** Many templates call ClickHouse's `length`; whatever goes wrong then is put down to it. */
function isAboutLength(error: Raised, template: Template, values: ReadonlyMap<string, Value>): boolean {
  const isOfPython = error.type !== "ValueError" && error.type !== "Exception";
  return isOfPython && template.names.read.has("length") && !values.has("length");
}
