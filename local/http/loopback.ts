/** Names by which a browser or a program on this machine addresses it. */
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Whether a request names this machine as its host. A foreign name that resolves here does not: that is how a web page
 * would reach a server without a login (DNS rebinding).
 */
export function isLoopback(request: Request): boolean {
  const host = request.headers.get("host") ?? new URL(request.url).host;
  return URL.canParse(`http://${host}`) && LOOPBACK_HOSTS.has(new URL(`http://${host}`).hostname);
}
