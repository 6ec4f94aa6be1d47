import { EXIT } from "./failure.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export type Interruption = {
  /** Aborted by the first SIGINT or SIGTERM; its reason is the signal's name. */
  readonly signal: AbortSignal;
  /** Resolves with the signal's name. */
  readonly happened: Promise<NodeJS.Signals>;
  /** Stops listening, so that the process may end by itself. */
  readonly dispose: () => void;
};

/** Turns the first SIGINT or SIGTERM into an abort, for an orderly end; a second one ends the process at once. */
export function interruption(): Interruption {
  const controller = new AbortController();
  let dispose = () => {};
  const happened = new Promise<NodeJS.Signals>((resolve) => {
    const onSignal = (name: NodeJS.Signals) => {
      if (controller.signal.aborted) process.exit(exitCodeOf(name));
      controller.abort(name);
      resolve(name);
    };
    for (const name of SIGNALS) process.on(name, onSignal);
    dispose = () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    };
  });
  return { signal: controller.signal, happened, dispose };
}

export function exitCodeOf(name: NodeJS.Signals): number {
  return name === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
}
