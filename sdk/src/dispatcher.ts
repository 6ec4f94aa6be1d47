import type { Batch, BatchLimits } from "./batch.ts";
import type { CallContext } from "./call.ts";
import { deliver, type Outcome } from "./delivery.ts";
import { fault, SdkError } from "./errors.ts";
import { reasonOf } from "./issues.ts";
import type { Queue } from "./queue.ts";
import type { SocialInteractionRow } from "./schema.generated.ts";
import type { QuarantineReport, Settings } from "./settings.ts";
import type { Shipment } from "./shipment.ts";
import type { Fate, Tally } from "./tally.ts";

/** Keeps `concurrency` shipments of the queue under way, and sees to it that each event gets one outcome that is counted and told. */
export class Dispatcher {
  /** Of batches to come; lowered when the service finds one too large. */
  limits: BatchLimits;
  readonly #settings: Settings;
  readonly #queue: Queue<Shipment>;
  readonly #totals: Tally;
  readonly #context: CallContext;
  readonly #signal: AbortSignal;
  #underWay = 0;
  #callbackFault: SdkError | undefined;

  /** @param signal Aborted with the reason for which everything left is given up. */
  constructor(
    settings: Settings,
    queue: Queue<Shipment>,
    totals: Tally,
    context: CallContext,
    signal: AbortSignal,
  ) {
    this.limits = settings.batch;
    this.#settings = settings;
    this.#queue = queue;
    this.#totals = totals;
    this.#context = context;
    this.#signal = signal;
  }

  /** Starts what may start now. Called for each shipment queued. */
  pump(): void {
    while (this.#underWay < this.#settings.concurrency) {
      const shipment = this.#queue.shift();
      if (shipment === undefined) return;
      this.#underWay += 1;
      void this.#ship(shipment, shipment.batch).then(() => {
        shipment.settle();
        this.#underWay -= 1;
        this.pump();
      });
    }
  }

  /** Hands back a shipment that was never queued. */
  async giveBack(shipment: Shipment, error: SdkError): Promise<void> {
    await this.#giveBack(shipment, shipment.batch, error);
    shipment.settle();
  }

  /** Throws what a callback threw since the last call. */
  throwCallbackFault(): void {
    const thrown = this.#callbackFault;
    this.#callbackFault = undefined;
    if (thrown !== undefined) throw thrown;
  }

  /** Brings a batch, or the parts it has to be cut into, to an outcome. Never throws. */
  async #ship(shipment: Shipment, batch: Batch): Promise<void> {
    const outcome = await this.#deliver(shipment, batch);
    if (outcome.kind === "too large" && batch.rows > 1) return this.#shipHalves(shipment, batch);
    this.#queue.release(batch.bytes);
    if (outcome.kind === "written") return this.#written(shipment, batch, outcome.quarantined);
    return this.#giveBack(shipment, batch, outcome.error);
  }

  async #deliver({ dataSource }: Shipment, batch: Batch): Promise<Outcome> {
    try {
      this.#signal.throwIfAborted();
      return await deliver(dataSource, batch, this.#settings, this.#context, this.#signal);
    } catch (cause) {
      const error = cause instanceof SdkError ? cause : fault("INTERNAL", [reasonOf(cause)], cause);
      return { kind: "undeliverable", error };
    }
  }

  /** Later batches start at the size that may pass, so the service need not refuse each of them. */
  async #shipHalves(shipment: Shipment, batch: Batch): Promise<void> {
    const maxBytes = Math.min(this.limits.maxBytes, Math.ceil(batch.bytes / 2));
    this.limits = { ...this.limits, maxBytes };
    for (const half of batch.halve()) await this.#ship(shipment, half);
  }

  async #written(shipment: Shipment, batch: Batch, quarantined: number): Promise<void> {
    this.#record(shipment, "delivered", batch.rows - quarantined);
    this.#record(shipment, "quarantined", quarantined);
    if (quarantined > 0) await this.#reportQuarantine(shipment.dataSource, quarantined, batch.rows);
  }

  async #reportQuarantine(dataSource: string, count: number, rows: number): Promise<void> {
    const report: QuarantineReport = { dataSource, count, rows, quarantine: `${dataSource}_quarantine` };
    await this.#tell("onQuarantined", () => this.#settings.onQuarantined?.(report));
  }

  async #giveBack(shipment: Shipment, batch: Batch, error: SdkError): Promise<void> {
    this.#record(shipment, "undeliverable", batch.rows);
    const { onUndeliverable } = this.#settings;
    if (onUndeliverable === undefined) return;
    // The lines were encoded from rows of the schema (or, with `validate: false`, from what the caller says is one).
    const events = batch.decode() as readonly SocialInteractionRow[];
    await this.#tell("onUndeliverable", () => onUndeliverable(events, error));
  }

  #record({ tally }: Shipment, fate: Fate, rows: number): void {
    tally.settle(fate, rows);
    this.#totals.settle(fate, rows);
  }

  /** Calls a callback of the options; what it throws is kept for the next flush, so it neither stops the sender nor gets lost. */
  async #tell(name: string, callback: () => void | Promise<void>): Promise<void> {
    try {
      await callback();
    } catch (cause) {
      this.#callbackFault ??= fault("CALLBACK_FAILED", [name, reasonOf(cause)], cause);
    }
  }
}
