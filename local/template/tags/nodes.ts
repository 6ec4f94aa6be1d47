import type { Expression, Statement, Target } from "../expression/nodes.ts";

export interface Branch {
  readonly test: Expression;
  readonly body: readonly Node[];
  readonly line: number;
}

export interface Handler {
  /** What it catches; everything when undefined. */
  readonly type: Expression | undefined;
  /** The name the failure gets inside the handler. */
  readonly name: string | undefined;
  readonly body: readonly Node[];
  readonly line: number;
}

/** A template as a tree. `line` is that of the tag, counted from 1 after the `%`. */
export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "print"; readonly value: Expression; readonly source: string; readonly line: number }
  | { readonly kind: "set"; readonly statement: Statement; readonly line: number }
  | { readonly kind: "if"; readonly branches: readonly Branch[]; readonly otherwise: readonly Node[] }
  | {
      readonly kind: "for";
      readonly target: Target;
      readonly iterable: Expression;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
      readonly line: number;
    }
  | ({ readonly kind: "while"; readonly otherwise: readonly Node[] } & Branch)
  | {
      readonly kind: "try";
      readonly body: readonly Node[];
      readonly handlers: readonly Handler[];
      readonly otherwise: readonly Node[];
      readonly finally: readonly Node[];
    }
  | { readonly kind: "break" | "continue" };

/** The expressions of one tag, in the order in which parameters are found in them. */
export interface Site {
  readonly kind: "print" | "block";
  readonly roots: readonly Expression[];
  readonly line: number;
}
