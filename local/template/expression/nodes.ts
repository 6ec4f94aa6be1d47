/** A literal's value: whole numbers are `bigint`, decimals `number`. */
export type Constant = string | bigint | number | boolean | null;

/** What every node carries: its text as written, and how many levels it has. */
export interface Origin {
  readonly source: string;
  readonly height: number;
}

export interface Literal extends Origin {
  readonly kind: "literal";
  readonly value: Constant;
}
export interface Name extends Origin {
  readonly kind: "name";
  readonly name: string;
}
/** `[a, b]`, `(a, b)`, `{a, b}`; `bare` is a tuple without parentheses. */
export interface Display extends Origin {
  readonly kind: "list" | "tuple" | "set";
  readonly items: readonly Expression[];
  readonly bare?: boolean;
}
export interface DictDisplay extends Origin {
  readonly kind: "dict";
  readonly keys: readonly Expression[];
  readonly values: readonly Expression[];
}
export interface Keyword extends Origin {
  readonly kind: "keyword";
  readonly name: string;
  readonly value: Expression;
}
export interface Call extends Origin {
  readonly kind: "call";
  readonly callee: Expression;
  readonly positional: readonly Expression[];
  readonly keywords: readonly Keyword[];
}
export interface Attribute extends Origin {
  readonly kind: "attribute";
  readonly object: Expression;
  readonly name: string;
}
export interface Index extends Origin {
  readonly kind: "index";
  readonly object: Expression;
  readonly at: Expression;
}
export interface Slice extends Origin {
  readonly kind: "slice";
  readonly start: Expression | undefined;
  readonly stop: Expression | undefined;
  readonly step: Expression | undefined;
}
export type UnaryOperator = "-" | "+" | "~" | "not";
export interface Unary extends Origin {
  readonly kind: "unary";
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}
export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**" | "@" | "<<" | ">>" | "&" | "|" | "^";
export interface Binary extends Origin {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
export type Comparator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in" | "is" | "is not";
/** `a < b < c`: `operands` has one more entry than `comparators`. */
export interface Comparison extends Origin {
  readonly kind: "comparison";
  readonly operands: readonly Expression[];
  readonly comparators: readonly Comparator[];
}
export interface Logical extends Origin {
  readonly kind: "logical";
  readonly operator: "and" | "or";
  readonly operands: readonly Expression[];
}
export interface Conditional extends Origin {
  readonly kind: "conditional";
  readonly test: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}
/** `f'…'`: texts and interpolations in order. */
export interface Interpolated extends Origin {
  readonly kind: "interpolated";
  readonly parts: readonly Expression[];
}
export interface Interpolation extends Origin {
  readonly kind: "interpolation";
  readonly value: Expression;
  readonly conversion: "str" | "repr";
}
export interface Generator extends Origin {
  readonly kind: "generator";
  readonly target: Target;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}
/** `[e for …]`, `{e for …}`, `{k: e for …}`, `(e for …)`. */
export interface Comprehension extends Origin {
  readonly kind: "comprehension";
  readonly makes: "list" | "set" | "dict" | "generator";
  readonly key: Expression | undefined;
  readonly element: Expression;
  readonly generators: readonly Generator[];
}
/** Python that parses here so that it can be refused by its own name (`Lambda`, `Starred`, …). */
export interface Unsupported extends Origin {
  readonly kind: "unsupported";
  readonly what: string;
}

export type Expression =
  | Literal
  | Name
  | Display
  | DictDisplay
  | Keyword
  | Call
  | Attribute
  | Index
  | Slice
  | Unary
  | Binary
  | Comparison
  | Logical
  | Conditional
  | Interpolated
  | Interpolation
  | Generator
  | Comprehension
  | Unsupported;

/** What can stand left of `=` or after `for`: names, indexed values, or a row of them. */
export type Target = Name | Index | Display;

export type Statement =
  | { readonly kind: "expression"; readonly value: Expression }
  | { readonly kind: "assign"; readonly targets: readonly Target[]; readonly value: Expression }
  | {
      readonly kind: "augment";
      readonly target: Target;
      readonly operator: BinaryOperator;
      readonly value: Expression;
    }
  /** `import`, `del`, `x: int = 3`, …: named as Python names them. */
  | { readonly kind: "refused"; readonly what: string };

/** The direct parts of an expression, in the order Python's syntax tree lists them. */
export function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "literal":
    case "name":
    case "unsupported":
      return [];
    case "list":
    case "tuple":
    case "set":
      return node.items;
    case "dict":
      return [...node.keys, ...node.values];
    case "keyword":
    case "interpolation":
      return [node.value];
    case "call":
      return [node.callee, ...node.positional, ...node.keywords];
    case "attribute":
      return [node.object];
    case "index":
      return [node.object, node.at];
    case "slice":
      return present([node.start, node.stop, node.step]);
    case "unary":
      return [node.operand];
    case "binary":
      return [node.left, node.right];
    case "comparison":
    case "logical":
      return node.operands;
    case "conditional":
      return [node.test, node.then, node.otherwise];
    case "interpolated":
      return node.parts;
    case "generator":
      return [node.target, node.iterable, ...node.conditions];
    case "comprehension":
      return present([node.key, node.element, ...node.generators]);
    default:
      return node satisfies never;
  }
}

/** Every node below and including `roots`, level by level: the order in which parameters are found. */
export function breadthFirst(
  roots: readonly Expression[],
  below: (node: Expression) => readonly Expression[] = partsOf,
): readonly Expression[] {
  const found = [...roots];
  for (let at = 0; at < found.length; at += 1) {
    const node = found[at];
    if (node !== undefined) found.push(...below(node));
  }
  return found;
}

function present(nodes: readonly (Expression | undefined)[]): readonly Expression[] {
  return nodes.filter((node) => node !== undefined);
}
