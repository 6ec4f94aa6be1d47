/** Names of today (IANA) that Chromium 156 knows under a former name only, and so does not list. */
const RENAMED = [
  "Africa/Asmara",
  "America/Argentina/Buenos_Aires",
  "America/Argentina/Catamarca",
  "America/Argentina/Cordoba",
  "America/Argentina/Jujuy",
  "America/Argentina/Mendoza",
  "America/Atikokan",
  "America/Indiana/Indianapolis",
  "America/Kentucky/Louisville",
  "America/Nuuk",
  "Asia/Ho_Chi_Minh",
  "Asia/Kathmandu",
  "Asia/Kolkata",
  "Asia/Yangon",
  "Atlantic/Faroe",
  "Europe/Kyiv",
  "Pacific/Chuuk",
  "Pacific/Kanton",
  "Pacific/Pohnpei",
] as const;

/** Every zone that can be offered, former names too, in order. */
export function listedZones(): readonly string[] {
  return [...new Set([...Intl.supportedValuesOf("timeZone"), ...RENAMED])].sort();
}

/**
 * The IANA name that somebody means, in its own letters: `europe/berlin`, `Europe/Berlin`. One that no list has comes
 * as the zone that it stands for (`US/Pacific`). Null for what is no zone's name, such as an offset.
 */
export function zoneNamed(text: string): string | null {
  const asked = text.trim().replaceAll(" ", "_");
  if (!/^[a-z]/i.test(asked)) return null;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: asked }).resolvedOptions();
    return listedZones().find((zone) => zone.toLowerCase() === asked.toLowerCase()) ?? timeZone;
  } catch {
    return null;
  }
}
