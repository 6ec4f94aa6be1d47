import { fault, SdkError } from "../errors.ts";
import { reasonOf } from "../issues.ts";

/** Calls what the application gave; what that throws neither stops the sender nor gets lost: the next flush throws it. */
export class Callbacks {
  #fault: SdkError | undefined;

  /** Calls a callback of the options. False: it threw. */
  async tell(name: string, callback: () => void | Promise<void>): Promise<boolean> {
    try {
      await callback();
      return true;
    } catch (cause) {
      this.keep(fault("CALLBACK_FAILED", [name, reasonOf(cause)], cause));
      return false;
    }
  }

  /** Runs an action of the spool; undefined when it threw. */
  async attempt<T>(action: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      this.keep(error);
      return undefined;
    }
  }

  /** Keeps an error for the next flush. */
  keep(error: unknown): void {
    this.#fault ??= asSdkError(error);
  }

  /** Throws the first that was kept since the last call. */
  throwKept(): void {
    const kept = this.#fault;
    this.#fault = undefined;
    if (kept !== undefined) throw kept;
  }
}

export const asSdkError = (cause: unknown): SdkError =>
  cause instanceof SdkError ? cause : fault("INTERNAL", [reasonOf(cause)], cause);
