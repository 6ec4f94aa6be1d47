/** Exactly this text: a client compares it. */
const JSON_TYPE = "application/json; charset=UTF-8";

export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(value), { status, headers: { "content-type": JSON_TYPE, ...headers } });
}

/** Exactly `text/plain`: with a charset behind it the CLI tries to read JSON. */
export function text(value: string, status = 200): Response {
  return new Response(value, { status, headers: { "content-type": "text/plain" } });
}

/** Done, with nothing to say. */
export function resetContent(): Response {
  return new Response(null, { status: 205 });
}

/** The `YYYY-MM-DD HH:MM:SS.ffffff` of data sources and pipes, of which the CLI cuts the last seven characters. */
export function microseconds(iso: string): string {
  return `${iso.slice(0, 19).replace("T", " ")}.${iso.slice(20, 23).padEnd(6, "0")}`;
}
