import { isRecord } from "../json.ts";
import { Failure } from "../terminal/failure.ts";

export type Target = { readonly host: string; readonly token: string };
export type TargetOptions = { readonly host?: string; readonly token?: string };

/** The environment as the real `tb` command reads it. */
export type TargetEnvironment = {
  readonly TB_HOST?: string | undefined;
  readonly TB_TOKEN?: string | undefined;
  readonly TB_LOCAL_HOST?: string | undefined;
  readonly TB_LOCAL_PORT?: string | undefined;
};

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Which server to talk to: the flags, else TB_HOST and TB_TOKEN, else the local server with its workspace token.
 * @throws {Failure} when no server answers, or a server that is not local was named without a token.
 */
export async function resolveTarget(
  options: TargetOptions,
  env: TargetEnvironment,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<Target> {
  const host = checkedHost(options.host ?? env.TB_HOST ?? localHost(env));
  const token = options.token ?? env.TB_TOKEN;
  if (token) return { host, token };
  if (!isLocal(host, env)) throw new Failure(`${host} needs a token: give --token or set TB_TOKEN`);
  return { host, token: await localToken(host, fetch) };
}

/** The local server's address; a scheme in TB_LOCAL_HOST is cut, as `tb` does. */
export function localHost(env: TargetEnvironment): string {
  const name = (env.TB_LOCAL_HOST || "127.0.0.1").replace(/^https?:\/\//, "").replace(/\/$/, "");
  return `http://${name}:${env.TB_LOCAL_PORT || "7181"}`;
}

/** A sentence for a server that could not be reached. */
export function unreachable(host: string, cause: unknown): Failure {
  return new Failure(
    `Nothing answers on ${host}: start a server with \`npm run local -- --project .\`, or name another with --host or TB_HOST`,
    { cause },
  );
}

function checkedHost(host: string): string {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new Failure(`The host must be a URL such as http://127.0.0.1:7181, got '${host}'`, { exitCode: 2 });
  }
  return host.replace(/\/+$/, "");
}

/** Whether a server tells its own tokens to whoever is on this machine. */
export function isLocal(host: string, env: TargetEnvironment): boolean {
  return host === localHost(env) || (URL.canParse(host) && LOOPBACK.has(new URL(host).hostname));
}

async function localToken(host: string, fetch: typeof globalThis.fetch): Promise<string> {
  const response = await fetch(`${host}/tokens`).catch((cause: unknown) => {
    throw unreachable(host, cause);
  });
  const tokens: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  const token = isRecord(tokens) ? tokens.workspace_admin_token : undefined;
  if (typeof token !== "string") {
    throw new Failure(
      `${host}/tokens did not answer with tokens (status ${response.status}): is a Tinybird server there?`,
    );
  }
  return token;
}
