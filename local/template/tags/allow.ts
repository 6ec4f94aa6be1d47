import {
  type BinaryOperator,
  breadthFirst,
  type Call,
  type Expression,
  type Statement,
} from "../expression/nodes.ts";
import { excerpt, refusal } from "../faults.ts";
import { PRINTABLE_FUNCTIONS } from "../functions/table.ts";

/** Methods that `{{ }}` may call. */
const PRINTABLE_METHODS: ReadonlySet<string> = new Set(["split", "get", "join", "replace"]);

const PRINTABLE_OPERATORS: ReadonlySet<string> = new Set(["+", "-", "*"]);

/** Python's names for the operators. */
const OPERATOR_NAMES: Readonly<Record<BinaryOperator, string>> = {
  "+": "Add",
  "-": "Sub",
  "*": "Mult",
  "/": "Div",
  "//": "FloorDiv",
  "%": "Mod",
  "**": "Pow",
  "@": "MatMult",
  "<<": "LShift",
  ">>": "RShift",
  "&": "BitAnd",
  "|": "BitOr",
  "^": "BitXor",
};

/** Functions that would reach the interpreter itself. */
const FORBIDDEN_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    "eval exec compile getattr setattr delattr globals locals vars dir type object super property classmethod " +
    "staticmethod memoryview help breakpoint exit quit"
  ).split(" "),
);

/** Attributes that would reach it, besides those that start with `_`. */
const FORBIDDEN_ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    "format format_map mro gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await ag_frame ag_code ag_await f_back " +
    "f_builtins f_code f_globals f_locals func_code func_globals tb_frame tb_next co_code co_consts"
  ).split(" "),
);

const DUNDER = /^__.*__$/;

/** The rules of `{{ }}`: a short list of functions, methods and operators. */
export function checkPrinted(statement: Statement): void {
  switch (statement.kind) {
    case "expression":
      return checkPrintedExpression(statement.value);
    case "assign":
      throw refusal("Invalid expression type: Assign");
    case "augment":
      throw refusal("Invalid expression type: AugAssign");
    case "refused":
      throw refusal(`Invalid expression type: ${statement.what}`);
    default:
      return statement satisfies never;
  }
}

function checkPrintedExpression(node: Expression): void {
  switch (node.kind) {
    case "literal":
      return;
    case "name":
      return checkName(node.name);
    case "call":
      return checkPrintedCall(node);
    case "index":
      checkPrintedExpression(node.object);
      return checkIndex(node.at);
    case "unary":
      if (node.operator !== "-" && node.operator !== "not") {
        throw refusal(`Invalid UnaryOp: ${node.operator === "+" ? "UAdd" : "Invert"}()`);
      }
      return checkPrintedExpression(node.operand);
    case "binary":
      if (!PRINTABLE_OPERATORS.has(node.operator)) {
        throw refusal(`Invalid BinOp: ${OPERATOR_NAMES[node.operator]}()`);
      }
      return checkAll([node.left, node.right]);
    case "conditional":
      return checkAll([node.test, node.then, node.otherwise]);
    case "list":
    case "tuple":
    case "set":
      return checkAll(node.items);
    case "dict":
      return checkAll([...node.keys, ...node.values]);
    case "interpolated":
      return checkAll(node.parts);
    case "interpolation":
      return checkPrintedExpression(node.value);
    default:
      if (pythonName(node) === "Constant") throw refusal(`Invalid Constant: ${described(node)}`);
      throw refusal(`Invalid expression type: ${described(node)}`);
  }
}

function checkAll(nodes: readonly Expression[]): void {
  for (const node of nodes) checkPrintedExpression(node);
}

function checkPrintedCall(node: Call): void {
  const { callee } = node;
  if (callee.kind === "name") {
    if (!PRINTABLE_FUNCTIONS.has(callee.name)) throw refusal(`Invalid function name: ${callee.name}`);
  } else if (callee.kind === "attribute") {
    if (!PRINTABLE_METHODS.has(callee.name)) throw refusal(`Invalid method name: ${callee.name}`);
    checkPrintedExpression(callee.object);
  } else if (callee.kind === "call") {
    checkPrintedExpression(callee);
  } else {
    throw refusal(`Invalid function: ${described(node)}`);
  }
  checkAll(node.positional);
  // The engine does not look into named arguments; what it forbids everywhere still holds there.
  for (const keyword of node.keywords) checkBlockExpression(keyword.value);
}

function checkIndex(at: Expression): void {
  if (at.kind === "literal") return;
  if (at.kind === "index") return checkPrintedExpression(at);
  if (at.kind !== "slice") throw refusal(`Invalid Slice expression: ${described(at)}`);
  checkAll([at.start, at.stop, at.step].filter((bound) => bound !== undefined));
}

/** The rules of blocks: nothing that reaches the interpreter. */
export function checkBlock(statement: Statement): void {
  if (statement.kind === "refused") throw refusal(`Invalid expression type: ${statement.what}`);
  if (statement.kind === "assign") statement.targets.forEach(checkBlockExpression);
  if (statement.kind === "augment") checkBlockExpression(statement.target);
  checkBlockExpression(statement.value);
}

export function checkBlockExpression(root: Expression): void {
  for (const node of breadthFirst([root])) {
    if (node.kind === "call" && node.callee.kind === "name" && FORBIDDEN_FUNCTIONS.has(node.callee.name)) {
      throw refusal(`Invalid function name: ${node.callee.name}`);
    }
    if (node.kind === "name") checkName(node.name);
    if (node.kind === "attribute" && (node.name.startsWith("_") || FORBIDDEN_ATTRIBUTES.has(node.name))) {
      throw refusal(`Invalid attribute: ${node.name}`);
    }
    if (node.kind === "unsupported")
      throw refusal(`Invalid expression type: ${described(node)}, not supported here`);
  }
}

function checkName(name: string): void {
  if (DUNDER.test(name)) throw refusal(`Invalid name: ${name}`);
}

/** A node by Python's name for it and its own text: `Compare(a == 'b')`. */
function described(node: Expression): string {
  return `${pythonName(node)}(${excerpt(node.source)})`;
}

const COMPREHENSIONS = {
  list: "ListComp",
  set: "SetComp",
  dict: "DictComp",
  generator: "GeneratorExp",
} as const;

function pythonName(node: Expression): string {
  switch (node.kind) {
    case "unsupported":
      return node.what;
    case "comprehension":
      return COMPREHENSIONS[node.makes];
    default:
      return PYTHON_NAMES[node.kind];
  }
}

const PYTHON_NAMES: Readonly<Record<Exclude<Expression["kind"], "unsupported" | "comprehension">, string>> = {
  literal: "Constant",
  name: "Name",
  list: "List",
  tuple: "Tuple",
  set: "Set",
  dict: "Dict",
  keyword: "keyword",
  call: "Call",
  attribute: "Attribute",
  index: "Subscript",
  slice: "Slice",
  unary: "UnaryOp",
  binary: "BinOp",
  comparison: "Compare",
  logical: "BoolOp",
  conditional: "IfExp",
  interpolated: "JoinedStr",
  interpolation: "FormattedValue",
  generator: "comprehension",
};
