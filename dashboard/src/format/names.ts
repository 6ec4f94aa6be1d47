/** Names that are not written as their first letter in upper case suggests. */
const WRITTEN: Readonly<Record<string, string>> = {
  github: "GitHub",
  linkedin: "LinkedIn",
  tiktok: "TikTok",
  whatsapp: "WhatsApp",
  youtube: "YouTube",
};

const DONE: Readonly<Record<string, string>> = {
  comment: "commented on",
  like: "liked on",
  post: "posted on",
  share: "shared on",
};

/** A platform as people write it; the endpoints have it in lower case. */
export function platformName(platform: string): string {
  const [first = "", ...rest] = platform;
  return WRITTEN[platform] ?? first.toUpperCase() + rest.join("");
}

/** `liked on`, and for a type that nobody foresaw `sent a poke on`. */
export function deed(type: string): string {
  return DONE[type] ?? `sent a ${type} on`;
}
