/** What is personal and stays in this browser. It may be forbidden to keep anything: then nothing is kept. */

export const THEMES = ["auto", "dark", "light"] as const;
export type Theme = (typeof THEMES)[number];

const PREFIX = "social-interactions/";

export function kept(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // The page works without.
  }
}

export function keptTheme(): Theme {
  return THEMES.find((theme) => theme === kept("theme")) ?? "auto";
}

/** In the order of the button and of the key. */
export const NEXT_THEME: Readonly<Record<Theme, Theme>> = { auto: "dark", dark: "light", light: "auto" };
