/** What stands in a log where a token was. */
const HIDDEN = "***";

/** A URL without its host and without tokens: the parameter `token`, and whatever looks like one of ours or a JWT. */
export function redactedUrl(url: URL): string {
  const search = new URLSearchParams(url.search);
  if (search.has("token")) search.set("token", HIDDEN);
  const query = search.size === 0 ? "" : `?${search}`;
  return redacted(url.pathname + query);
}

/** A text without tokens. */
export function redacted(text: string): string {
  return text.replaceAll(/\bp\.eyJ[\w-]+\.[\w-]+|\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, HIDDEN);
}
