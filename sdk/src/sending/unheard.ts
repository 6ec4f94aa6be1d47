import type { SdkError } from "../errors.ts";

/** Takes a line for the developer. */
export type Warn = (text: string) => void;

/** Warns of losses that no callback of the options takes; once of each kind, for an outage brings many. */
export class Unheard {
  readonly #warn: Warn;
  readonly #told = new Set<string>();

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  undeliverable(dataSource: string, events: number, error: SdkError): void {
    this.#once(`given up: ${events} for '${dataSource}'`, error, "onUndeliverable");
  }

  rejected(dataSource: string, error: SdkError): void {
    this.#once(`not taken: the first for '${dataSource}'`, error, "onRejected");
  }

  #once(what: string, error: SdkError, callback: string): void {
    const kind = `${callback} ${error.code}`;
    if (this.#told.has(kind)) return;
    this.#told.add(kind);
    this.#warn(
      `Events were ${what}, and no ${callback} is there to take them. ${error.message}. More of this kind: see stats()`,
    );
  }
}
