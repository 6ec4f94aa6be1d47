import type { Budget } from "../limits.ts";

/** What the functions of one rendering share. */
export interface Run {
  /** A build looks at the template without a request: absent values are placeholders. */
  readonly check: boolean;
  readonly budget: Budget;
  readonly secrets: {
    /** Names the workspace has, with or without the prefix `tb_secret_`. */
    readonly available: ReadonlySet<string>;
    readonly ignoreMissing: boolean;
    readonly used: Set<string>;
  };
  readonly settings: Map<string, unknown>;
  /** Names of the parameters without a default, for the message about a missing one. */
  readonly required: readonly string[];
}
