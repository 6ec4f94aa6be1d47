import { EXCEPTIONS, invalid, Raised, refusal } from "../faults.ts";
import { MAX_OUTPUT_CHARACTERS } from "../limits.ts";
import type { Handler, Node } from "../tags/nodes.ts";
import { itemsOf } from "../values/items.ts";
import { isTrue, type Value } from "../values/value.ts";
import { assign, execute } from "./assignment.ts";
import { evaluate, type Place } from "./evaluate.ts";
import type { Run } from "./run.ts";
import type { Scope } from "./scope.ts";

/** The text so far, within its limit. */
class Output {
  readonly #pieces: string[] = [];
  #size = 0;

  add(text: string): void {
    this.#size += text.length;
    if (this.#size > MAX_OUTPUT_CHARACTERS) {
      throw refusal(`the rendered SQL has more than ${MAX_OUTPUT_CHARACTERS} characters`);
    }
    this.#pieces.push(text);
  }

  get text(): string {
    return this.#pieces.join("");
  }
}

/** What a rendering works with. */
export interface Setting {
  readonly run: Run;
  readonly scope: Scope;
  /** How `{{ }}` prints a value that is not None. */
  readonly print: (value: Value) => string;
}

interface Target extends Setting {
  readonly output: Output;
}

/**
 * The text of a tree of nodes.
 * @throws Raised for a failure that no `try` of the template caught
 */
export function interpret(nodes: readonly Node[], setting: Setting): string {
  const output = new Output();
  const left = renderAll(nodes, { ...setting, output });
  if (left !== undefined) throw refusal(`'${left}' outside a loop`);
  return output.text;
}

/** How a stretch of nodes ended early. */
type Jump = "break" | "continue" | undefined;

function renderAll(nodes: readonly Node[], target: Target): Jump {
  for (const node of nodes) {
    const jump = renderNode(node, target);
    if (jump !== undefined) return jump;
  }
  return undefined;
}

function renderNode(node: Node, target: Target): Jump {
  target.run.budget.spend(1);
  switch (node.kind) {
    case "text":
      target.output.add(node.text);
      return undefined;
    case "print":
      target.output.add(print(node, target));
      return undefined;
    case "set":
      execute(node.statement, place(target, node.line));
      return undefined;
    case "if":
      return renderBranch(node, target);
    case "for":
      return renderFor(node, target);
    case "while":
      return renderWhile(node, target);
    case "try":
      return renderTry(node, target);
    case "break":
    case "continue":
      return node.kind;
    default:
      return node satisfies never;
  }
}

function place(target: Target, line: number): Place {
  return { run: target.run, scope: target.scope, line };
}

/** Characters of an expression that the error about its None repeats. */
const EXCERPT = 20;

function print(node: Extract<Node, { kind: "print" }>, target: Target): string {
  const value = evaluate(node.value, place(target, node.line));
  if (value !== null) return target.print(value);
  const { source } = node;
  const shown = source.length > EXCERPT ? `${source.slice(0, EXCERPT)}...` : source;
  throw invalid(`expression "${shown}" evaluated to null`);
}

function renderBranch(node: Extract<Node, { kind: "if" }>, target: Target): Jump {
  const taken = node.branches.find(({ test, line }) => isTrue(evaluate(test, place(target, line))));
  return renderAll(taken?.body ?? node.otherwise, target);
}

function renderFor(node: Extract<Node, { kind: "for" }>, target: Target): Jump {
  const at = place(target, node.line);
  for (const item of itemsOf(evaluate(node.iterable, at), at.run.budget)) {
    target.run.budget.spend(1);
    assign(node.target, item, at);
    if (renderAll(node.body, target) === "break") return undefined;
  }
  return renderAll(node.otherwise, target);
}

function renderWhile(node: Extract<Node, { kind: "while" }>, target: Target): Jump {
  const at = place(target, node.line);
  while (isTrue(evaluate(node.test, at))) {
    if (renderAll(node.body, target) === "break") return undefined;
  }
  return renderAll(node.otherwise, target);
}

/** What was printed before a failure stays. */
function renderTry(node: Extract<Node, { kind: "try" }>, target: Target): Jump {
  let jump: Jump;
  let final: Jump;
  try {
    jump = renderGuarded(node, target);
  } finally {
    final = renderAll(node.finally, target);
  }
  return final ?? jump;
}

function renderGuarded(node: Extract<Node, { kind: "try" }>, target: Target): Jump {
  let jump: Jump;
  try {
    jump = renderAll(node.body, target);
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    target.run.budget.spendCatch();
    const handler = node.handlers.find((candidate) => catches(candidate, error, target));
    if (handler === undefined) throw error;
    return renderHandler(handler, error, target);
  }
  return jump ?? renderAll(node.otherwise, target);
}

function catches(handler: Handler, error: Raised, target: Target): boolean {
  if (handler.type === undefined) return true;
  const type = evaluate(handler.type, place(target, handler.line));
  const types = typeof type === "object" && type?.kind === "tuple" ? type.items : [type];
  return types.some((candidate) => {
    if (typeof candidate !== "object" || candidate?.kind !== "exception type") {
      throw refusal(`'except' takes a type such as Exception or ValueError, line ${handler.line}`);
    }
    const wider: readonly string[] = EXCEPTIONS[error.type];
    return candidate.name === error.type || wider.includes(candidate.name);
  });
}

function renderHandler(handler: Handler, error: Raised, target: Target): Jump {
  const { name, body } = handler;
  if (name === undefined) return renderAll(body, target);
  target.scope.assign(name, { kind: "exception", type: error.type, text: error.message });
  try {
    return renderAll(body, target);
  } finally {
    target.scope.forget(name);
  }
}
