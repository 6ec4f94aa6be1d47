import { type Instruction, readInstructions } from "./lines.ts";
import { type DatafileError, syntaxError } from "./problem.ts";
import { textOf, unquote } from "./values.ts";

/** A token the file asks for; it is made when it does not exist. */
export interface TokenLine {
  readonly name: string;
  readonly scope: TokenScope;
}
export type TokenScope = "READ" | "APPEND";

/** A datafile's place, its resource name and its text as given. */
export interface NamedSource {
  readonly path: string;
  readonly name: string;
  readonly content: string;
}

/** A datafile that was read, and what its author should know about it. */
export interface Parsed<Datafile> {
  readonly datafile: Datafile;
  readonly warnings: readonly string[];
}

/** What is collected while the instructions of a file are read, whatever its kind. */
export interface Draft {
  description: string | null;
  /** Plain values by instruction name, as written. */
  readonly values: Map<string, string>;
  readonly tokens: TokenLine[];
  readonly tags: string[];
  readonly operationalTags: string[];
  readonly warnings: string[];
}

/** How one instruction is read: whether its value may be a block, and what becomes of it. */
export interface Rule<D extends Draft = Draft> {
  readonly block: "refused" | "allowed" | "required";
  readonly read: (draft: D, instruction: Instruction) => void;
}

/** The instructions of one kind of file by upper-case name. */
export type Rules<D extends Draft> = ReadonlyMap<string, Rule<D>>;

export function emptyDraft(): Draft {
  return { description: null, values: new Map(), tokens: [], tags: [], operationalTags: [], warnings: [] };
}

/** Names people try first, with the way to say it. They are no instructions: inside a block they are text. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  [
    "SETTINGS",
    "SETTINGS option is not allowed, use ENGINE_SETTINGS instead. See https://www.tinybird.co/docs/cli/datafiles#data-source for more information.",
  ],
]);

/** Reads every instruction of a file into the draft, in file order, so that the first problem is the one reported. */
export function runInstructions<D extends Draft>(
  kind: string,
  content: string,
  rules: Rules<D>,
  draft: D,
): void {
  for (const instruction of readInstructions(content, new Set(rules.keys()))) {
    const rule = rules.get(instruction.name);
    if (rule === undefined) throw unknownInstruction(kind, instruction);
    checkForm(rule, instruction);
    rule.read(draft, instruction);
  }
}

/** Characters of a broken line that a message repeats; ours. */
const MAX_SHOWN = 80;

function unknownInstruction(kind: string, { name, line }: Instruction): DatafileError {
  const isOpaque = /[ \t]["']/.test(name);
  const message = isOpaque
    ? `A quote is not closed: ${name.slice(0, MAX_SHOWN)}`
    : (INSTEAD.get(name) ?? `${name} is not a valid option in ${kind} files.`);
  return syntaxError(message, { line, pos: 0 });
}

function checkForm<D extends Draft>(rule: Rule<D>, instruction: Instruction): void {
  const { name, block } = instruction;
  if (block !== null && rule.block === "refused") {
    throw syntaxError(`${name} does not support multiline arguments`, startOf(instruction));
  }
  if (block === null && rule.block === "required") {
    const said = name === "FORWARD_QUERY" ? "SQL" : name;
    const hint = `Use > to start a multiline ${said} block`;
    throw syntaxError(`${said} must be multiline`, startOf(instruction), hint);
  }
}

/** Where problems of an instruction as a whole are reported. */
export function startOf(instruction: Instruction): { line: number; pos: number } {
  return { line: instruction.line, pos: 1 };
}

/** Keeps the value under the instruction's name; the last of several wins. */
export function setting(block: Rule["block"] = "refused"): Rule {
  return {
    block,
    read: (draft, instruction) => {
      draft.values.set(instruction.name, textOf(instruction));
    },
  };
}

/** An instruction of earlier versions that is skipped with a warning. */
export function ignored(more = ""): Rule {
  return {
    block: "refused",
    read: (draft, { name }) => {
      draft.warnings.push(`${name} has been deprecated and will be ignored.${more}`);
    },
  };
}

/** An instruction that is refused, with the reason. */
export function refused(message: string): Rule {
  return {
    block: "refused",
    read: (_, instruction) => {
      throw syntaxError(message, startOf(instruction));
    },
  };
}

/** TAGS: a comma list that adds up; entries with `=` are operational. */
export const tags: Rule = {
  block: "allowed",
  read: (draft, instruction) => {
    for (const tag of textOf(instruction)
      .split(",")
      .map((entry) => entry.trim())) {
      if (tag !== "") (tag.includes("=") ? draft.operationalTags : draft.tags).push(tag);
    }
  },
};

/** TOKEN name scope; the name may be quoted, the scope is one of those given, in any case. */
export function token(scopes: readonly TokenScope[]): Rule {
  return {
    block: "refused",
    read: (draft, instruction) => {
      draft.tokens.push(tokenLine(instruction, scopes));
    },
  };
}

function tokenLine(instruction: Instruction, scopes: readonly TokenScope[]): TokenLine {
  const [name, permission] = instruction.words;
  if (name === undefined || permission === undefined) {
    const message = `TOKEN takes two params: token name and permission e.g TOKEN "read api token" READ`;
    throw syntaxError(message, startOf(instruction));
  }
  const second = { line: instruction.line, pos: "TOKEN ".length + name.length + 2 };
  if (instruction.words.length > 2) {
    const count = instruction.words.length;
    const message = `Invalid number of arguments for TOKEN command: ${count}. Expected 2 arguments: token name and permission`;
    throw syntaxError(message, second);
  }
  const scope = scopes.find((known) => known === permission.toUpperCase());
  if (scope === undefined) throw syntaxError(wrongPermission(permission, scopes), second);
  return { name: unquote(name), scope };
}

function wrongPermission(permission: string, scopes: readonly TokenScope[]): string {
  const supported = `${scopes.join(" and ")} ${scopes.length === 1 ? "is" : "are"} supported`;
  return `Invalid permission: ${permission.toUpperCase()}. Only ${supported}`;
}
