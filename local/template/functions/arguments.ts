import { typeError } from "../faults.ts";
import type { Value } from "../values/value.ts";

/** The evaluated arguments of one call. */
export class Arguments {
  readonly function: string;
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;

  constructor(name: string, positional: readonly Value[], keywords: ReadonlyMap<string, Value> = new Map()) {
    this.function = name;
    this.positional = positional;
    this.keywords = keywords;
  }

  /**
   * The arguments by parameter, in the order of `parameters`; undefined where nothing was given.
   * @throws a catchable failure for a surplus, unknown or repeated argument
   */
  bind(...parameters: readonly string[]): readonly (Value | undefined)[] {
    if (this.positional.length > parameters.length) {
      throw typeError(
        `${this.function}() takes ${parameters.length} arguments but ${this.positional.length} were given`,
      );
    }
    for (const name of this.keywords.keys()) this.#checkKeyword(name, parameters.indexOf(name));
    return parameters.map((name, at) =>
      at < this.positional.length ? this.positional[at] : this.keywords.get(name),
    );
  }

  /** The value of an argument that cannot be left out. */
  required(value: Value | undefined, name: string): Value {
    if (value === undefined) throw typeError(`${this.function}() misses the argument '${name}'`);
    return value;
  }

  #checkKeyword(name: string, at: number): void {
    if (at < 0) throw typeError(`${this.function}() got an unexpected keyword argument '${name}'`);
    if (at < this.positional.length) {
      throw typeError(`${this.function}() got multiple values for argument '${name}'`);
    }
  }
}
