/** The lines of a block, as they stand in the file less blank lines and `#` comments, which are dropped. */
export interface Block {
  /** The kept lines, joined with one line feed. */
  readonly text: string;
  /** For each line of `text`, its 1-based line in the file. */
  readonly lines: readonly number[];
  /** 1-based line of what ends the block: the next instruction, or the line after the last. */
  readonly endLine: number;
}

/** One instruction with its value: the rest of its line, or the block below a `>`. */
export interface Instruction {
  /** Upper case, whatever the file has. */
  readonly name: string;
  /** The words after the name, quotes kept. */
  readonly words: readonly string[];
  /** 1-based line of the name. */
  readonly line: number;
  /** Null for a value on the line itself. */
  readonly block: Block | null;
}

interface Line {
  readonly text: string;
  readonly words: readonly string[];
  readonly number: number;
}

/** The end or a comment, a quoted word, or a bare word: in that one a quote is plain text, a `#` still ends it. */
const WORD = /[ \t]*(?:(#.*|$)|("[^"]*"|'[^']*')|([^ \t#"'][^ \t#]*))/sy;

/**
 * Cuts a line into words at blanks and tabs. A quoted word keeps its quotes and ends at the closing one.
 * A line with a quote that opens a word and never closes is one opaque word.
 */
export function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  WORD.lastIndex = 0;
  for (;;) {
    const [, end, quoted, bare] = WORD.exec(line) ?? [];
    if (end !== undefined) return words;
    const word = quoted ?? bare;
    if (word === undefined) return [line];
    words.push(word);
  }
}

/** Makes every line end a line feed. */
export function unifyLineEnds(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/**
 * Cuts a file into instructions. Blocks run until a line that starts at column zero with one of the `known` words;
 * every other line, indented or not, belongs to the block. Line ends may be `\n`, `\r\n` or `\r`.
 */
export function readInstructions(content: string, known: ReadonlySet<string>): readonly Instruction[] {
  const texts = unifyLineEnds(content).split("\n");
  const lines = texts
    .map((text, index) => ({ text, words: splitWords(text), number: index + 1 }))
    .filter((line) => line.words.length > 0);
  const instructions: Instruction[] = [];
  for (let index = 0; index < lines.length; ) {
    const end = opensBlock(lines[index]) ? blockEnd(lines, index + 1, known) : index + 1;
    instructions.push(instruction(lines.slice(index, end), lines[end]?.number ?? texts.length));
    index = end;
  }
  return instructions;
}

function opensBlock(line: Line | undefined): boolean {
  return line?.words[1] === ">";
}

function blockEnd(lines: readonly Line[], start: number, known: ReadonlySet<string>): number {
  for (let end = start; ; end++) {
    const line = lines[end];
    if (line === undefined || startsInstruction(line, known)) return end;
  }
}

function startsInstruction(line: Line, known: ReadonlySet<string>): boolean {
  return !/^[ \t]/.test(line.text) && known.has(line.words[0]?.toUpperCase() ?? "");
}

function instruction([head, ...body]: readonly Line[], endLine: number): Instruction {
  const [name = "", ...words] = head?.words ?? [];
  const block = {
    text: body.map((line) => line.text).join("\n"),
    lines: body.map((line) => line.number),
    endLine,
  };
  return { name: name.toUpperCase(), words, line: head?.number ?? 1, block: opensBlock(head) ? block : null };
}
