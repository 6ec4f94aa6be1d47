/** How the blanks of the text between tags are kept: `{% whitespace single %}`. */
const MODES = {
  all: (text: string) => text,
  single: (text: string) =>
    text.replace(/[\t ]+/g, " ").replace(/\s+/g, (run) => (run.includes("\n") ? "\n" : run)),
  oneline: (text: string) => text.replace(/\s+/g, " "),
} as const;

export type WhitespaceMode = keyof typeof MODES;

export function isWhitespaceMode(mode: string): mode is WhitespaceMode {
  return Object.hasOwn(MODES, mode);
}

/** Squeezes one stretch of text; preformatted text is left alone. */
export function squeeze(text: string, mode: WhitespaceMode): string {
  return text.includes("<pre>") ? text : MODES[mode](text);
}
