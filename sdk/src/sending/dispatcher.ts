import { fault, type SdkError } from "../errors.ts";
import type { EventRow, QuarantineReport } from "../reports.ts";
import type { Settings } from "../settings.ts";
import type { CountEvents } from "../telemetry.ts";
import type { Batch, BatchLimits } from "./batch.ts";
import { asSdkError, Callbacks } from "./callbacks.ts";
import { type DeliveryContext, deliver, type Outcome } from "./delivery.ts";
import type { ReadReasons } from "./quarantine.ts";
import type { Queue } from "./queue.ts";
import type { Shipment } from "./shipment.ts";
import type { Fate, Tally } from "./tally.ts";
import type { Unheard } from "./unheard.ts";

/** What sending needs of the world. */
export type SendingContext = DeliveryContext & {
  readonly reasons: ReadReasons;
  readonly countEvents: CountEvents;
  readonly unheard: Unheard;
};

/** Keeps `concurrency` shipments of the queue under way, and sees to it that each event gets one outcome that is counted and told. */
export class Dispatcher {
  /** Of batches to come; lowered when the service finds one too large. */
  limits: BatchLimits;
  readonly callbacks = new Callbacks();
  readonly #settings: Settings;
  readonly #queue: Queue<Shipment>;
  readonly #totals: Tally;
  readonly #context: SendingContext;
  readonly #signal: AbortSignal;
  #underWay = 0;
  /** The smallest batch that the service found too large: those that were closed before are not worth a try either. */
  #refusedBytes = Number.POSITIVE_INFINITY;

  /** @param signal Aborted with the reason for which everything left is given up. */
  constructor(
    settings: Settings,
    queue: Queue<Shipment>,
    totals: Tally,
    context: SendingContext,
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
      void this.#dispatch(shipment).then(() => {
        shipment.settle();
        this.#underWay -= 1;
        this.pump();
      });
    }
  }

  /** Completes the segment of a batch that is full; one that has to wait for others does so on disk only. */
  sealOnDisk(shipment: Shipment): void {
    shipment.batch.trim();
    if (shipment.segment === undefined) return;
    try {
      shipment.segment.seal();
    } catch (error) {
      this.callbacks.keep(error);
      // What is not on disk is delivered from memory.
      shipment.segment = undefined;
      return;
    }
    if (this.#underWay >= this.#settings.concurrency) shipment.batch.park();
  }

  /** Never throws. */
  async #dispatch(shipment: Shipment): Promise<void> {
    if (await this.#load(shipment)) await this.#ship(shipment, shipment.batch);
    await this.#settleOnDisk(shipment);
  }

  /** Brings parked rows back into memory; says no when they stay on disk, for lack of time or because the disk failed. */
  async #load(shipment: Shipment): Promise<boolean> {
    const { batch, segment } = shipment;
    if (!batch.isParked) return true;
    const records = this.#signal.aborted ? undefined : await this.callbacks.attempt(() => segment?.load());
    if (records?.rows === batch.rows) {
      batch.restore(records.body, records.rows);
      return true;
    }
    if (!this.#signal.aborted && records !== undefined) {
      this.callbacks.keep(fault("SPOOL_FAILED", [shipment.dataSource, "a segment changed while it waited"]));
    }
    shipment.kept = "all";
    this.#queue.release(batch.bytes);
    this.#record(shipment, "spooled", batch.rows);
    return false;
  }

  /** Brings a batch, or the parts it has to be cut into, to an outcome. Never throws. */
  async #ship(shipment: Shipment, batch: Batch): Promise<void> {
    if (batch.bytes >= this.#refusedBytes && batch.rows > 1) return this.#shipHalves(shipment, batch);
    const outcome = await this.#deliver(shipment, batch);
    if (outcome.kind === "too large" && batch.rows > 1) return this.#shipHalves(shipment, batch);
    this.#queue.release(batch.bytes);
    if (outcome.kind === "written") return this.#written(shipment, batch, outcome.quarantined);
    return this.#giveUp(shipment, batch, outcome.error);
  }

  async #deliver({ dataSource }: Shipment, batch: Batch): Promise<Outcome> {
    try {
      this.#signal.throwIfAborted();
      return await deliver(dataSource, batch, this.#context, this.#signal);
    } catch (cause) {
      return { kind: "undeliverable", error: asSdkError(cause) };
    }
  }

  /** Later batches start at the size that may pass, so the service need not refuse each of them. */
  async #shipHalves(shipment: Shipment, batch: Batch): Promise<void> {
    this.#refusedBytes = Math.min(this.#refusedBytes, batch.bytes);
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
    const { onQuarantined } = this.#settings;
    if (onQuarantined === undefined) return;
    const reasons = await this.#context.reasons(dataSource, count);
    const report: QuarantineReport = {
      dataSource,
      count,
      rows,
      quarantine: `${dataSource}_quarantine`,
      ...(reasons === undefined ? {} : { reasons }),
    };
    await this.callbacks.tell("onQuarantined", () => onQuarantined(report));
  }

  /** What the application can take back it gets; what it cannot, or not in time, stays in the spool. */
  async #giveUp(shipment: Shipment, batch: Batch, error: SdkError): Promise<void> {
    const { onUndeliverable } = this.#settings;
    const spooled = shipment.segment !== undefined;
    if (spooled && (onUndeliverable === undefined || error.code === "CLOSE_TIMEOUT")) {
      this.#record(shipment, "spooled", batch.rows);
      return keepOnDisk(shipment, batch);
    }
    this.#record(shipment, "undeliverable", batch.rows);
    if (onUndeliverable === undefined) {
      return this.#context.unheard.undeliverable(shipment.dataSource, batch.rows, error);
    }
    // The lines were encoded from rows of the schema (or, with `validate: false`, from what the caller says is one).
    const events = batch.decode() as readonly EventRow[];
    const { dataSource } = shipment;
    const told = await this.callbacks.tell("onUndeliverable", () =>
      onUndeliverable(events, error, { dataSource }),
    );
    if (spooled && !told) keepOnDisk(shipment, batch);
  }

  /** Removes the segment, or leaves in it only what is kept. */
  async #settleOnDisk({ segment, kept, batch }: Shipment): Promise<void> {
    if (segment === undefined || kept === "all" || kept.length === batch.rows) return;
    await this.callbacks.attempt(() => (kept.length === 0 ? segment.remove() : segment.keepOnly(kept)));
  }

  #record({ tally, dataSource }: Shipment, fate: Fate, rows: number): void {
    if (rows > 0) this.#context.countEvents(dataSource, fate, rows);
    tally.settle(fate, rows);
    this.#totals.settle(fate, rows);
  }
}

function keepOnDisk(shipment: Shipment, batch: Batch): void {
  if (shipment.kept !== "all") shipment.kept.push(...batch.lines);
}
