import { Raised } from "../faults.ts";
import { BUILTIN_VALUES } from "../functions/table.ts";
import { PLACEHOLDER, type Value } from "../values/value.ts";

/** The names of a template, as its text alone decides them. */
export interface Names {
  /** Assigned somewhere, so never a request value, not even before the assignment. */
  readonly assigned: ReadonlySet<string>;
  /** Read outside comprehensions, so None when the request lacks them. */
  readonly read: ReadonlySet<string>;
}

/** Where the names of one rendering find their values. */
export class Scope {
  readonly #functions: ReadonlyMap<string, Value>;
  readonly #names: Names;
  readonly #request: ReadonlyMap<string, Value>;
  readonly #absent: Value;
  readonly #locals = new Map<string, Value>();
  readonly #outer: Scope | undefined;

  /** `functions` are the names that neither a request nor Python's own words can take. */
  constructor(
    functions: ReadonlyMap<string, Value>,
    names: Names,
    request: ReadonlyMap<string, Value>,
    check: boolean,
    outer?: Scope,
  ) {
    this.#functions = functions;
    this.#names = names;
    this.#request = request;
    this.#absent = check ? PLACEHOLDER : null;
    this.#outer = outer;
  }

  /** A scope whose own names are the loop variables of a comprehension. */
  inner(variables: ReadonlySet<string>): Scope {
    return new Scope(new Map(), { assigned: variables, read: new Set() }, new Map(), false, this);
  }

  assign(name: string, value: Value): void {
    this.#locals.set(name, value);
  }

  forget(name: string): void {
    this.#locals.delete(name);
  }

  /** The value of a name: assigned in the template, a function, in the request, a Python word, or absent. */
  value(name: string): Value {
    if (this.#names.assigned.has(name)) return this.#local(name);
    if (this.#outer !== undefined) return this.#outer.value(name);
    const known = this.#functions.get(name) ?? this.#request.get(name) ?? BUILTIN_VALUES.get(name);
    if (known !== undefined) return known;
    if (this.#names.read.has(name)) return this.#absent;
    throw new Raised("NameError", `name '${name}' is not defined`);
  }

  /** What a call by this name calls: request values never stand in for functions. */
  callee(name: string): Value {
    if (this.#names.assigned.has(name)) return this.#local(name);
    if (this.#outer !== undefined) return this.#outer.callee(name);
    return this.#functions.get(name) ?? BUILTIN_VALUES.get(name) ?? this.value(name);
  }

  #local(name: string): Value {
    const value = this.#locals.get(name);
    if (value !== undefined) return value;
    throw new Raised(
      "UnboundLocalError",
      `cannot access local variable '${name}' where it is not associated with a value`,
    );
  }
}
