import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export const FAULTS = [
  "429 with Retry-After",
  "500",
  "503",
  "drop before the body",
  "drop after the body",
  "30 s stall",
  "2 s slowness",
  "413 above 100 kB",
] as const;
export type Fault = (typeof FAULTS)[number] | "none";

export type Order = { readonly fault?: Fault; readonly countIds?: boolean; readonly open?: boolean };
export type MockReport = {
  readonly port: number;
  readonly requests: number;
  readonly faults: number;
  readonly rows: number;
  /** Different ids among the rows; the rows themselves when ids are not counted. */
  readonly unique: number;
};

/** The mock server, in a process of its own. */
export type Mock = {
  readonly host: string;
  /** Sets the fault of every tenth request and forgets the counts. */
  begin(fault: Fault, countIds: boolean): Promise<void>;
  report(): Promise<MockReport>;
  /** Opens or closes the port: connections are refused meanwhile. */
  setOpen(open: boolean): Promise<void>;
  close(): void;
};

export async function startMock(): Promise<Mock> {
  const child = fork(join(import.meta.dirname, "mock-api.ts"), { execArgv: ["--import", "tsx"] });
  const order = async (one: Order): Promise<MockReport> => {
    const answered = once(child, "message") as Promise<[MockReport]>;
    child.send(one);
    return (await answered)[0];
  };
  const { port } = await order({ open: true });
  return {
    host: `http://127.0.0.1:${port}`,
    begin: async (fault, countIds) => void (await order({ fault, countIds })),
    report: () => order({}),
    setOpen: async (open) => void (await order({ open })),
    close: () => child.disconnect(),
  };
}
