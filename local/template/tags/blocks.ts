import { breadthFirst, type Expression, type Statement, type Target } from "../expression/nodes.ts";
import { parseHandler, parseLoop, parsePrinted, parseSet, parseTest } from "../expression/statement.ts";
import { malformed, refusal, tagFault, unclosed } from "../faults.ts";
import { Budget, MAX_BLOCK_DEPTH } from "../limits.ts";
import { reprOf } from "../values/text.ts";
import { checkBlock, checkBlockExpression, checkPrinted } from "./allow.ts";
import type { Branch, Node, Site } from "./nodes.ts";
import {
  attempt,
  type BlockName,
  FORBIDDEN,
  inOrder,
  only,
  outside,
  PARTITIONS,
  type Part,
  splitTag,
  type Tag,
} from "./parts.ts";
import { scan } from "./scanner.ts";
import { isWhitespaceMode, squeeze, type WhitespaceMode } from "./whitespace.ts";

/** A template's tree, and what its tags hold in the order in which their parameters are listed. */
export interface Blocks {
  readonly nodes: readonly Node[];
  readonly sites: readonly Site[];
  /** Names that a `set`, a loop or an `except` fills. */
  readonly assigned: ReadonlySet<string>;
  /** What is wrong with a `{{ }}` that holds more or less than one value; it fails every rendering. */
  readonly fault: string | undefined;
}

/**
 * Reads the tags of a template, left to right, the body of a block before its header.
 * @throws TinybirdError TEMPLATE for the first thing that is not the template language
 */
export function parseBlocks(template: string): Blocks {
  const parser = new BlockParser(template);
  const nodes = parser.parse();
  return { nodes, sites: parser.sites, assigned: parser.assigned, fault: parser.fault };
}

class BlockParser {
  readonly sites: Site[] = [];
  readonly assigned = new Set<string>();
  fault: string | undefined;
  readonly #pieces: ReturnType<typeof scan>;
  #whitespace: WhitespaceMode = "all";
  #lastLine = 1;
  #depth = 0;
  #loops = 0;

  constructor(template: string) {
    this.#pieces = scan(template);
  }

  /** The nodes up to the end of the template. */
  parse(): readonly Node[] {
    const nodes: Node[] = [];
    const stray = this.#fill(nodes);
    if (stray === undefined) return nodes;
    const parents = PARTITIONS.get(stray.operator);
    if (parents !== undefined) throw outside(stray, parents);
    throw tagFault("Extra {% end %} block", stray.endLine);
  }

  /** Adds nodes until a tag that parts or ends the block around them; undefined at the end of the template. */
  #fill(nodes: Node[]): Tag | undefined {
    for (let next = this.#pieces.next(); next.done !== true; next = this.#pieces.next()) {
      const piece = next.value;
      this.#lastLine = piece.kind === "text" ? this.#lastLine : piece.endLine;
      if (piece.kind === "text") nodes.push({ kind: "text", text: squeeze(piece.text, this.#whitespace) });
      if (piece.kind === "print") this.#print(nodes, piece.content, piece.line, piece.endLine);
      if (piece.kind !== "block") continue;
      const tag = splitTag(piece.content, piece.line, piece.endLine);
      if (tag.operator === "end" || PARTITIONS.has(tag.operator)) return tag;
      const node = this.#node(tag);
      if (node !== undefined) nodes.push(node);
    }
    return undefined;
  }

  #print(nodes: Node[], source: string, line: number, endLine: number): void {
    if (source === "from") throw tagFault('"from" is a forbidden word', endLine);
    const statements = parsePrinted(source);
    statements.forEach(checkPrinted);
    const values = statements.flatMap((statement) =>
      statement.kind === "expression" ? [statement.value] : [],
    );
    const [value] = values;
    if (value === undefined || values.length > 1 || (value.kind === "tuple" && value.bare === true)) {
      this.fault ??= `an expression holds one value: "${source}", line ${line}`;
    }
    this.sites.push({ kind: "print", roots: values, line });
    if (value !== undefined) nodes.push({ kind: "print", value, source, line });
  }

  #node(tag: Tag): Node | undefined {
    const { operator, suffix, endLine } = tag;
    const forbidden = FORBIDDEN.get(operator);
    if (forbidden !== undefined) throw tagFault(`${forbidden} is forbidden`, endLine);
    switch (operator) {
      case "comment":
        return undefined;
      case "whitespace":
        if (!isWhitespaceMode(suffix)) throw tagFault(`invalid whitespace mode ${suffix}`, endLine);
        this.#whitespace = suffix;
        return undefined;
      case "set":
        return this.#set(tag);
      case "break":
      case "continue":
        if (this.#loops === 0) throw outside(tag, ["for", "while"]);
        if (suffix !== "") throw malformed(tag.content, `nothing follows '${operator}'`);
        return { kind: operator };
      case "if":
      case "for":
      case "while":
      case "try":
      case "apply":
      case "block":
        return this.#block(tag, operator);
      default:
        throw tagFault(`unknown operator: ${reprOf(operator, new Budget())}`, endLine);
    }
  }

  #set(tag: Tag): Node {
    if (tag.suffix === "") throw tagFault("set missing statement", tag.endLine);
    const statement = parseSet(tag.suffix);
    if (statement === undefined) throw refusal(`Invalid set statement: ${tag.suffix}`);
    checkBlock(statement);
    if (statement.kind === "assign") for (const target of statement.targets) this.#assign(target);
    if (statement.kind === "augment") this.#assign(statement.target);
    this.sites.push({ kind: "block", roots: rootsOf(statement), line: tag.line });
    return { kind: "set", statement, line: tag.line };
  }

  #assign(target: Target): void {
    if (target.kind === "name") this.assigned.add(target.name);
    if (target.kind === "name" || target.kind === "index") return;
    for (const part of breadthFirst(target.items)) {
      if (part.kind === "name") this.assigned.add(part.name);
    }
  }

  #block(tag: Tag, name: BlockName): Node {
    if (this.#depth >= MAX_BLOCK_DEPTH) {
      throw refusal(`blocks are nested more than ${MAX_BLOCK_DEPTH} levels deep, line ${tag.line}`);
    }
    const loops = this.#loops;
    this.#depth += 1;
    if (name === "for" || name === "while") this.#loops += 1;
    if (name === "apply") this.#loops = 0;
    const parts = this.#parts(tag, name);
    this.#depth -= 1;
    this.#loops = loops;
    return this.#assemble(tag, name, parts);
  }

  /** The parts of a block up to its end; tests of `elif` are read where they stand. */
  #parts(tag: Tag, name: BlockName): readonly [Part, ...Part[]] {
    const parts: [Part, ...Part[]] = [{ tag, nodes: [] }];
    let current: Part = parts[0];
    for (let next = this.#fill(current.nodes); next?.operator !== "end"; next = this.#fill(current.nodes)) {
      if (next === undefined) throw unclosed(this.#lastLine);
      const parents = PARTITIONS.get(next.operator) ?? [];
      if (!parents.includes(name)) {
        throw tagFault(`${next.operator} block cannot be attached to ${name} block`, next.endLine);
      }
      current = this.#partition(next);
      parts.push(current);
    }
    return parts;
  }

  #partition(tag: Tag): Part {
    if (tag.operator === "elif") return { tag, test: this.#test(tag), nodes: [] };
    if (tag.operator === "except") return { tag, handler: this.#handler(tag), nodes: [] };
    if (tag.suffix !== "") throw refusal(`Invalid control block: ${tag.content}`);
    return { tag, nodes: [] };
  }

  #assemble(tag: Tag, name: BlockName, parts: readonly [Part, ...Part[]]): Node {
    switch (name) {
      case "if":
        return this.#conditional(parts);
      case "for":
        return this.#loop(tag, parts);
      case "while": {
        const [first] = parts;
        const branch = { test: this.#test(tag), body: first.nodes, line: tag.line };
        return { kind: "while", ...branch, otherwise: only(parts, "else") };
      }
      case "try":
        return attempt(tag, parts);
      case "apply":
      case "block":
        throw tagFault(`${name} is forbidden`, tag.endLine);
      default:
        return name satisfies never;
    }
  }

  #conditional(parts: readonly [Part, ...Part[]]): Node {
    const [first, ...rest] = parts;
    inOrder(parts, ["if", "elif", "else"]);
    const branches: Branch[] = [{ test: this.#test(first.tag), body: first.nodes, line: first.tag.line }];
    for (const { test, nodes, tag } of rest)
      if (test !== undefined) branches.push({ test, body: nodes, line: tag.line });
    return { kind: "if", branches, otherwise: only(parts, "else") };
  }

  #loop(tag: Tag, parts: readonly [Part, ...Part[]]): Node {
    const loop = parseLoop(tag.suffix);
    if (loop === undefined) throw refusal(`Invalid control block: ${tag.content}`);
    const { target, iterable } = loop;
    checkBlockExpression(target);
    checkBlockExpression(iterable);
    this.#assign(target);
    this.sites.push({ kind: "block", roots: [target, iterable], line: tag.line });
    return {
      kind: "for",
      target,
      iterable,
      body: parts[0].nodes,
      otherwise: only(parts, "else"),
      line: tag.line,
    };
  }

  #test(tag: Tag): Expression {
    const test = parseTest(tag.suffix);
    if (test === undefined) throw refusal(`Invalid control block: ${tag.content}`);
    checkBlockExpression(test);
    this.sites.push({ kind: "block", roots: [test], line: tag.line });
    return test;
  }

  #handler(tag: Tag): ReturnType<typeof parseHandler> {
    const handler = parseHandler(tag.suffix);
    if (handler === undefined) throw refusal(`Invalid control block: ${tag.content}`);
    if (handler.type !== undefined) checkBlockExpression(handler.type);
    if (handler.name !== undefined) this.assigned.add(handler.name);
    return handler;
  }
}

function rootsOf(statement: Statement): readonly Expression[] {
  if (statement.kind === "refused") return [];
  if (statement.kind === "assign") return [...statement.targets, statement.value];
  return statement.kind === "augment" ? [statement.target, statement.value] : [statement.value];
}
