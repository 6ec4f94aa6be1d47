import { malformed } from "../faults.ts";

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", ""],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g;

const LAST_CODE_POINT = 0x10ffff;

/** Decodes the escapes of a Python string literal; an unknown escape keeps its backslash. */
export function unescapeLiteral(body: string, source: string): string {
  return body.replace(ESCAPE, (whole, hex2, hex4, hex8, octal, other: string | undefined) => {
    if (other === undefined) {
      const digits: string = hex2 ?? hex4 ?? hex8 ?? octal;
      return fromCodePoint(Number.parseInt(digits, octal === undefined ? 16 : 8), source);
    }
    if ("xuUN".includes(other))
      throw malformed(source, `the escape \\${other} is not complete or not supported`);
    return SIMPLE_ESCAPES.get(other) ?? whole;
  });
}

function fromCodePoint(code: number, source: string): string {
  if (code > LAST_CODE_POINT) throw malformed(source, "an escape names no Unicode character");
  return String.fromCodePoint(code);
}
