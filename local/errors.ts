/**
 * The one table of errors: code → HTTP status and message. A message says what was expected, what came, and where.
 * Every room throws `TinybirdError` through `fault`; `http/app.ts` is the one place that turns it into a response.
 */
interface Row {
  readonly status: number;
  /** Seconds after which a caller may try again: the header Retry-After. */
  readonly retryAfter?: number;
  readonly message: (...parts: never[]) => string;
}

const table = {
  /** A template that cannot be scanned, parsed or rendered; the text is the reference engine's own. */
  TEMPLATE: { status: 400, message: (text: string) => text },
  /** What a pipe refuses itself with `custom_error()`; the pipe chooses the status and the body. */
  CUSTOM_ERROR: { status: 400, message: (text: string) => text },
  /** A datafile that breaks a rule of its grammar. */
  INVALID_DATAFILE: { status: 400, message: (text: string) => text },

  // Requests
  UNKNOWN_ROUTE: { status: 404, message: (path: string) => `There is no route ${path}` },
  WRONG_METHOD: {
    status: 405,
    message: (method: string, path: string, allowed: string) =>
      `${path} does not take ${method}; it takes ${allowed}`,
  },
  MISSING_PARAMETER: {
    status: 400,
    message: (name: string, example: string) =>
      `The parameter '${name}' is missing; expected, for example, ${example}`,
  },
  BAD_PARAMETER: {
    status: 400,
    message: (name: string, came: string, expected: string) =>
      `The parameter '${name}' is '${came}'; expected ${expected}`,
  },
  BODY_TOO_LARGE: {
    status: 413,
    message: (limit: number) => `The body is larger than ${limit} bytes; split it into several requests`,
  },
  ROW_TOO_LARGE: { status: 413, message: (limit: number) => `A row is larger than ${limit} bytes` },
  BAD_ENCODING: {
    status: 400,
    message: (encoding: string) => `The body cannot be read as ${encoding}`,
  },
  UNKNOWN_ENCODING: {
    status: 400,
    message: (encoding: string, known: string) =>
      `Content-Encoding '${encoding}' cannot be read here; expected ${known}, or none`,
  },
  BAD_JSON: { status: 400, message: (detail: string) => `The body is not JSON: ${detail}` },
  BAD_MULTIPART: {
    status: 400,
    message: (detail: string) => `The body is not a multipart form with datafiles: ${detail}`,
  },
  RATE_LIMIT: {
    status: 429,
    retryAfter: 1,
    message: (limit: number, name: string) =>
      `More than ${limit} requests in a second for Data Source "${name}"; send more rows in fewer requests`,
  },
  FOREIGN_URL: {
    status: 403,
    message: (host: string) =>
      `Files are read from this machine only, not from ${host}; start the server with --allow-remote-urls to change that`,
  },
  UNREADABLE_URL: {
    status: 400,
    message: (what: string) => `The file cannot be read from its URL: ${what}`,
  },
  FOREIGN_HOST: {
    status: 403,
    message: () => "Tokens are handed out only to programs on this machine, addressed as localhost",
  },
  FOREIGN_PAGE: {
    status: 403,
    message: () =>
      "The token of the dashboard goes only to its own page: open /dashboard/ of this server in a browser",
  },
  NO_DASHBOARD: {
    status: 404,
    message: () => "No dashboard is served here: build it with 'npm run build', then start with 'npm start'",
  },
  NO_DASHBOARD_PIPES: {
    status: 404,
    message: (pipes: string) =>
      `The workspace has none of the endpoints that the dashboard reads (${pipes}): build or deploy the project first`,
  },
  BAD_DASHBOARD: {
    status: 500,
    message: (folder: string) =>
      `${folder} holds no built dashboard: expected index.html and pipes.json, a list of endpoints`,
  },
  NO_CLOUD: {
    status: 502,
    message: (host: string) =>
      `${host} does not answer as a Tinybird server: expected the address of the workspace's region, such as https://api.tinybird.co`,
  },
  NO_CLOUD_ADMIN: {
    status: 403,
    message: (host: string) =>
      `${host} does not take the key: expected the workspace's admin token, which signs the tokens of the dashboard`,
  },
  UNEXPECTED: {
    status: 500,
    message: (requestId: string) => `Internal error; the server's log names it ${requestId}`,
  },

  // Tokens
  NO_TOKEN: {
    status: 403,
    message: () =>
      "There is no authentication token: send 'Authorization: Bearer TOKEN' or the parameter 'token'",
  },
  INVALID_TOKEN: { status: 403, message: () => "invalid authentication token" },
  EXPIRED_TOKEN: { status: 403, message: () => "invalid authentication token: it has expired" },
  MISSING_SCOPE: {
    status: 403,
    message: (scope: string, resource: string) =>
      `The token lacks the scope ${scope}${resource === "" ? "" : ` for '${resource}'`}`,
  },
  NO_READ_SCOPE: { status: 403, message: (name: string) => `The token may not read '${name}'` },
  USER_ONLY: {
    status: 403,
    message: () => "This needs the token of the user, or of an admin of that workspace",
  },
  TOKEN_RATE_LIMIT: {
    status: 429,
    retryAfter: 1,
    message: (limit: number, name: string) =>
      `The token '${name}' allows ${limit} requests in a second; there were more`,
  },
  TOKEN_EXISTS: { status: 409, message: (name: string) => `There is a token '${name}' already` },
  TOKEN_NOT_FOUND: { status: 404, message: (name: string) => `Token '${name}' not found` },
  BUILT_IN_TOKEN: {
    status: 403,
    message: (name: string) => `The workspace needs its token '${name}'; it can be refreshed only`,
  },
  UNKNOWN_TOKEN: {
    status: 403,
    message: () => "Token has not enough permissions to get information about this token",
  },

  // Resources
  UNKNOWN_DATASOURCE: { status: 404, message: (name: string) => `Data Source "${name}" does not exist` },
  UNDEPLOYED_DATASOURCE: {
    // 403, not 404: a client that waits for a deployment polls for the end of this status.
    status: 403,
    message: (name: string) =>
      `Data Source "${name}" does not exist; build or deploy the project that has it first`,
  },
  DEPLOYMENTS_ONLY: {
    status: 403,
    message: () => "Adding or modifying data sources to this workspace can only be done via deployments",
  },
  UNKNOWN_PIPE: { status: 404, message: (name: string) => `Pipe '${name}' not found` },
  UNKNOWN_ENDPOINT: { status: 404, message: (name: string) => `The pipe '${name}' does not exist` },
  NOT_AN_ENDPOINT: {
    status: 404,
    message: (name: string, type: string) => `The pipe '${name}' is not an endpoint, its type is ${type}`,
  },
  NOT_A_COPY: {
    status: 400,
    message: (name: string, type: string) => `The pipe '${name}' is not a copy, its type is ${type}`,
  },
  UNKNOWN_FORMAT: {
    status: 404,
    message: (format: string, known: string) => `There is no format '${format}'; expected one of ${known}`,
  },
  UNKNOWN_JOB: { status: 404, message: (id: string) => `Job '${id}' not found` },
  UNKNOWN_BRANCH: { status: 404, message: (name: string) => `Branch '${name}' not found` },
  UNKNOWN_ORGANIZATION: { status: 404, message: (id: string) => `Organization '${id}' not found` },
  UNKNOWN_WORKSPACE: { status: 404, message: (id: string) => `Workspace '${id}' not found` },
  WORKSPACE_EXISTS: { status: 409, message: (name: string) => `There is a workspace '${name}' already` },
  UNKNOWN_VARIABLE: { status: 404, message: (name: string) => `Variable '${name}' Not found` },
  VARIABLE_NOT_FOUND: { status: 404, message: () => "Variable not found" },
  VARIABLE_EXISTS: { status: 409, message: (name: string) => `There is a variable '${name}' already` },

  // Plan
  PIPE_WITHOUT_NODE: { status: 400, message: (name: string) => `The pipe '${name}' has no node` },
  FORWARD_QUERY: {
    status: 400,
    message: (name: string, why: string, suggestion: string) =>
      `The rows of '${name}' cannot move to its new schema by themselves: ${why}. Add to its datafile, for example:\n${suggestion}`,
  },
  DESTRUCTIVE: {
    status: 400,
    message: (names: readonly string[]) =>
      `The deployment would delete ${names.join(", ")} with all rows; allow it with --allow-destructive-operations`,
  },
  UNKNOWN_DEPLOYMENT: { status: 404, message: (id: string) => `Deployment '${id}' not found` },
  NO_STAGING: {
    status: 404,
    message: () => "No deployment is in staging: make one with 'tb deployment create'",
  },
  STAGING_EXISTS: {
    status: 409,
    message: (id: string) => `Deployment #${id} is in staging already; promote or discard it first`,
  },
  NOT_IN_STAGING: {
    status: 409,
    message: (id: string) => `Deployment #${id} is not in staging, so it cannot be promoted or discarded`,
  },
  UNKNOWN_TABLE: {
    status: 400,
    message: (name: string) =>
      `[Error] Resource '${name}' not found: there is no data source, pipe or node of that name`,
  },
  CYCLE: {
    status: 400,
    message: (names: readonly string[]) => `[Error] Nodes read each other: ${names.join(" → ")}`,
  },
  SQL_TOO_LONG: {
    status: 400,
    message: (node: string, limit: number) =>
      `[Error] The SQL of ${node} unfolds to more than ${limit} characters`,
  },

  // SQL of callers and nodes
  SQL_SYNTAX: {
    status: 400,
    message: (what: string, where: string) => `[Error] Syntax error in the SQL: ${what}, at ${where}`,
  },

  NOT_A_SELECT: {
    status: 400,
    message: (came: string) => `[Error] Only one SELECT is allowed here; the SQL ${came}`,
  },
  FORBIDDEN_CLAUSE: {
    status: 403,
    message: (clause: string, where: string) => `[Error] ${clause} is not allowed in a query, at ${where}`,
  },
  FORBIDDEN_FUNCTION: {
    status: 403,
    message: (name: string, where: string) =>
      `[Error] The function ${name} is not allowed: it reads from outside the workspace, at ${where}`,
  },
  UNKNOWN_OUTPUT_FORMAT: {
    status: 400,
    message: (format: string, known: string) =>
      `[Error] FORMAT ${format} is not supported; expected one of ${known}`,
  },

  BAD_CONDITION: {
    status: 400,
    message: (what: string) => `[Error] The condition may only look at columns of the data source: ${what}`,
  },

  // Engine
  QUERY: { status: 400, message: (detail: string) => `[Error] ${detail}` },
  QUERY_TIMEOUT: {
    status: 408,
    message: (detail: string) => `[Error] The query ran past its time limit. ${detail}`,
  },
  QUERY_CANCELLED: { status: 408, message: () => "[Error] The query was cancelled" },
  ENGINE_DOWN: {
    status: 503,
    retryAfter: 1,
    message: () => "The engine starts again; nothing that was acknowledged is lost. Try again in a moment",
  },
  OVERLOADED: {
    status: 503,
    retryAfter: 1,
    message: (what: string) => `The server has as much to do as it can hold: ${what}. Try again in a moment`,
  },
  DISK: {
    status: 503,
    retryAfter: 5,
    message: (detail: string) =>
      `The rows cannot be written to disk and were not taken: ${detail}. Data already there is still served`,
  },
  DATA_DIR: {
    status: 500,
    message: (path: string, detail: string) => `The data directory ${path} cannot be opened: ${detail}`,
  },
  DATA_DIR_OWNED: {
    status: 500,
    message: (path: string, pid: number) =>
      `The data directory ${path} belongs to a server that runs: process ${pid}. Stop it, or use another --data-dir`,
  },
  CATALOG_VERSION: {
    status: 500,
    message: (path: string, came: unknown, expected: number) =>
      `${path} is of version ${String(came)}; this server reads version ${expected}. Use another --data-dir, or the version that wrote it`,
  },
  CATALOG_BROKEN: {
    status: 500,
    message: (path: string, detail: string) => `${path} cannot be read: ${detail}`,
  },

  // Start
  PORT_IN_USE: {
    status: 500,
    message: (port: number) =>
      `Port ${port} is in use. Stop the program that listens there, or choose another with --port (0 picks a free one)`,
  },
  FIXTURE: { status: 400, message: (file: string, detail: string) => `${file} was not loaded: ${detail}` },
  BUILD_FAILED: { status: 400, message: (problems: string) => `The project does not build:\n${problems}` },
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof table;

/** What a caller can be told about a failed call. `body` replaces the usual `{ error }` object when a pipe says so. */
export class TinybirdError extends Error {
  override readonly name = "TinybirdError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly body?: unknown;
  /** Seconds, for the header of that name. */
  readonly retryAfter?: number;

  constructor(
    code: ErrorCode,
    status: number,
    message: string,
    options: { cause?: unknown; body?: unknown; retryAfter?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = status;
    if (options.body !== undefined) this.body = options.body;
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
  }
}

/** Makes the error of one row of the table. */
export function fault<C extends ErrorCode>(
  code: C,
  ...parts: Parameters<(typeof table)[C]["message"]>
): TinybirdError {
  const row: Row = table[code];
  const message = (row.message as (...parts: unknown[]) => string)(...parts);
  return new TinybirdError(
    code,
    row.status,
    message,
    row.retryAfter === undefined ? {} : { retryAfter: row.retryAfter },
  );
}
