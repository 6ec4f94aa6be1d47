export type Call = {
  readonly url: string;
  readonly token: string;
  /** Sent with POST when given. */
  readonly body?: string;
};

/** A curl line that can be pasted into a POSIX shell. */
export function curlLine({ url, token, body }: Call): string {
  const parts = ["curl", "-sS", quoted(url), "-H", quoted(`Authorization: Bearer ${token}`)];
  return (body === undefined ? parts : [...parts, "-d", quoted(body)]).join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
