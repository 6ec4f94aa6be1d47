import { tagFault } from "../faults.ts";
import { trim } from "../values/numbers.ts";

/** A stretch of template text, in order. `line` is where a tag opens, `endLine` where it closes. */
export type Piece =
  | { readonly kind: "text"; readonly text: string; readonly endLine: number }
  | {
      readonly kind: "print" | "block" | "comment";
      readonly content: string;
      readonly line: number;
      readonly endLine: number;
    };

const TAGS = {
  "{{": { kind: "print", close: "}}", missing: "Missing end expression }}", empty: "Empty expression" },
  "{%": { kind: "block", close: "%}", missing: "Missing end block %}", empty: "Empty block tag ({% %})" },
  "{#": { kind: "comment", close: "#}", missing: "Missing end comment #}", empty: undefined },
} as const;

/** An opener: of three and more braces in a row the last two. */
const OPENER = /\{(?:\{(?!\{)|[%#])/g;

/**
 * Cuts a template into text and tags, one at a time, so that faults surface in the order of the text.
 * A tag ends at the first closer, whatever stands between.
 */
export function* scan(template: string): Generator<Piece> {
  let at = 0;
  let line = 1;
  const pass = (end: number) => {
    for (; at < end; at += 1) if (template[at] === "\n") line += 1;
  };
  for (const match of template.matchAll(OPENER)) {
    if (match.index < at) continue;
    const opener = openerOf(match[0]);
    if (match.index > at) yield textPiece(template, at, match.index, line);
    pass(match.index + opener.length);
    const opened = line;
    if (template[at] === "!") {
      pass(at + 1);
      yield { kind: "text", text: opener, endLine: line };
      continue;
    }
    const { kind, close, missing, empty } = TAGS[opener];
    const end = template.indexOf(close, at);
    if (end < 0) throw tagFault(missing, opened);
    const content = trim(template.slice(at, end));
    pass(end + close.length);
    if (content === "" && empty !== undefined) throw tagFault(empty, line);
    yield { kind, content, line: opened, endLine: line };
  }
  if (at < template.length) yield textPiece(template, at, template.length, line);
}

function openerOf(text: string): keyof typeof TAGS {
  if (text === "{{" || text === "{%") return text;
  return "{#";
}

function textPiece(template: string, start: number, end: number, line: number): Piece {
  return { kind: "text", text: template.slice(start, end), endLine: line };
}
