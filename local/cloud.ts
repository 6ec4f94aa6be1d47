import { z } from "zod";
import { fault } from "./errors.ts";

/** Milliseconds for one answer of another machine. */
const TIMEOUT_MS = 15_000;

const workspaceAnswer = z.object({ id: z.string(), name: z.string() });
const pipesAnswer = z.object({ pipes: z.array(z.object({ name: z.string() })) });

/** A workspace on a Tinybird server elsewhere, as its admin sees it. */
export interface CloudWorkspace {
  readonly id: string;
  readonly name: string;
  readonly pipes: ReadonlySet<string>;
}

/** Asks a server for what belongs to a token, which stands in a header only. */
export interface CloudOptions {
  /** For example `https://api.tinybird.co`. */
  readonly host: string;
  readonly token: string;
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * The workspace that an admin token is of.
 * @throws TinybirdError NO_CLOUD, NO_CLOUD_ADMIN
 */
export async function cloudWorkspace(options: CloudOptions): Promise<CloudWorkspace> {
  const { id, name } = await read("/v0/workspace", workspaceAnswer, options);
  const { pipes } = await read("/v0/pipes", pipesAnswer, options);
  return { id, name, pipes: new Set(pipes.map((pipe) => pipe.name)) };
}

/** Whether a server takes a token for an endpoint: any answer but a refusal. @throws TinybirdError NO_CLOUD */
export async function isTaken(pipe: string, options: CloudOptions): Promise<boolean> {
  const response = await ask(`/v0/pipes/${encodeURIComponent(pipe)}.json`, options);
  return response.status !== 403;
}

async function read<T>(path: string, shape: z.ZodType<T>, options: CloudOptions): Promise<T> {
  const response = await ask(path, options);
  // Never the server's own sentence: some repeat the token in it.
  if (response.status === 403) throw fault("NO_CLOUD_ADMIN", options.host);
  const parsed = shape.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw fault("NO_CLOUD", options.host);
  return parsed.data;
}

async function ask(path: string, { host, token, fetch = globalThis.fetch }: CloudOptions): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` };
  try {
    return await fetch(host + path, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw Object.assign(fault("NO_CLOUD", host), { cause });
  }
}
