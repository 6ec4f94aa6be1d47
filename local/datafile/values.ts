import type { Instruction } from "./lines.ts";
import { valueError } from "./problem.ts";

/**
 * The value of an instruction: its words with one blank between, or its block, trimmed, and without one pair of
 * outer quotes (which need not be alike). An empty block or `""` is an empty value; nothing at all is a problem.
 */
export function textOf(instruction: Instruction): string {
  const { block, words, name, line } = instruction;
  if (block === null && words.length === 0) throw valueError(`${name} expects a value, nothing came`, line);
  return unquote((block?.text ?? words.join(" ")).trim());
}

/** Takes one pair of outer quotes off. */
export function unquote(text: string): string {
  return /^["'].*["']$/s.test(text) ? text.slice(1, -1) : text;
}

/** The text of a block that may not be empty. */
export function blockOf(instruction: Instruction): string {
  const text = instruction.block?.text ?? "";
  if (text === "") throw valueError(`${instruction.name} has an empty block`, instruction.line);
  return text;
}

/** Removes the indent that all lines share, and what is blank at the end. */
export function dedent(text: string): string {
  const lines = text.split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => /^[ \t]*/.exec(line)?.[0] ?? "");
  const shared = indents.reduce(sharedPrefix, indents[0] ?? "");
  return lines
    .map((line) => line.slice(line.trim() === "" ? line.length : shared.length))
    .join("\n")
    .trimEnd();
}

function sharedPrefix(left: string, right: string): string {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return left.slice(0, length);
}

/** The DESCRIPTION text: an inline one keeps its quotes, a block keeps the indent of its inner lines. */
export function descriptionOf({ block, words }: Instruction): string {
  return (block?.text ?? words.join(" ")).trim();
}
