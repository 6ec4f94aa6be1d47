import { templateError } from "./problem.ts";

/** `tb_secret("NAME")` or `tb_secret("NAME", "default")`, in either kind of quotes. */
const CALL = /^\s*tb_secret\(\s*(?:"([^"]*)"|'([^']*)')\s*(?:,\s*(?:"([^"]*)"|'([^']*)')\s*)?\)\s*$/;

/**
 * Fills in `{{ tb_secret("NAME", "default") }}`, the only thing that braces may hold in a data source or connection
 * file, also in a description. A secret without value takes the default; an empty one is written `""`.
 */
export function fillSecrets(content: string, secrets: ReadonlyMap<string, string>): string {
  let filled = "";
  let end = 0;
  for (const { 0: open, index } of content.matchAll(/\{\{|\{%/g)) {
    if (index < end) continue;
    const close = content.indexOf("}}", index);
    const value = open === "{%" || close === -1 ? null : secretOf(content.slice(index + 2, close), secrets);
    if (value === null || !value.ok) throw templateError(value?.message ?? MISUSE, lineOf(content, index));
    filled += content.slice(end, index) + (value.text === "" ? '""' : value.text);
    end = close + "}}".length;
  }
  return filled + content.slice(end);
}

/** Characters of a broken call that a message repeats; ours. */
const MAX_SHOWN = 80;

const MISUSE = `Only {{ tb_secret("NAME", "default") }} can stand in braces here`;

type SecretResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

function secretOf(call: string, secrets: ReadonlyMap<string, string>): SecretResult {
  const groups = CALL.exec(call);
  if (groups === null)
    return { ok: false, message: `${MISUSE}, got {{ ${call.trim().slice(0, MAX_SHOWN)} }}` };
  const name = groups[1] ?? groups[2] ?? "";
  const text = secrets.get(name) ?? groups[3] ?? groups[4];
  if (text !== undefined) return { ok: true, text };
  const reason = "Check the secret exists in the Workspace and the token has the required scope.";
  return { ok: false, message: `Cannot access secret '${name}'. ${reason}` };
}

function lineOf(content: string, index: number): number {
  return content.slice(0, index).split("\n").length;
}

/** Ours: shorter pieces of a secret tell nothing, and hiding them would tear a message up. */
const MIN_HIDDEN_LENGTH = 4;

/**
 * Replaces every piece of a secret in a text by `***`, in any case, as values are upper-cased and cut into words and,
 * where a schema or an expression is due, into the names and numbers in them.
 */
export function hideSecrets(text: string, secrets: ReadonlyMap<string, string>): string {
  const pieces = [...secrets.values()].flatMap((value) => [
    value,
    ...value.split(/[\s"'#]+/),
    ...value.split(/[^\p{L}\p{N}_]+/u),
  ]);
  return pieces
    .filter((piece) => piece.length >= MIN_HIDDEN_LENGTH)
    .toSorted((a, b) => b.length - a.length)
    .reduce((hidden, piece) => hidden.replace(new RegExp(escapePattern(piece), "gi"), "***"), text);
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
