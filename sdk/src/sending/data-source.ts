import { abortable } from "../abort.ts";
import type { SdkError } from "../errors.ts";
import type { Encode } from "./event.ts";
import { type Events, type SendAllOptions, sendAll, type WaitOptions } from "./send-all.ts";
import type { Sender } from "./sender.ts";
import type { Lane } from "./shipment.ts";
import { type Summary, Tally } from "./tally.ts";

/** Sends events to one data source. */
export type DataSourceClient<Event> = {
  /**
   * Checks, encodes and queues one event; returns before anything is sent. Never waits for the network and never throws
   * because it is slow. With a durable spool the event is on disk when it returns.
   *
   * @returns True: there is room for more. False: wait for `ready()` before the next. An event that was not taken (the
   *   queue was full under the policy "reject", or the spool's disk failed) is told to the option `onRejected` before.
   * @throws InvalidEventError: the event does not fit; nothing was queued.
   * @throws ClientClosedError after `close()`.
   */
  send(event: Event): boolean;
  /** Resolves when there is room for more events. */
  ready(options?: WaitOptions): Promise<void>;
  /**
   * Sends all events, at the pace of the network, and waits until each has an outcome. An invalid event is counted as
   * rejected and told to `onRejected`; the others go on. What the source throws is thrown after the events before it are sent.
   *
   * @returns The counts of just these events.
   * @throws ClientClosedError when the client is closed before the last event.
   */
  sendAll(events: Events<Event>, options?: SendAllOptions<Event>): Promise<Summary>;
  /**
   * Sends what is gathered now and waits until everything accepted so far has an outcome.
   *
   * @returns The counts of the events given to `send` since the flush before.
   */
  flush(options?: WaitOptions): Promise<Summary>;
};

/** What the client as a whole adds to each data source. */
export type DataSourceOptions = {
  /** Whether `send` has its events on disk when it returns. */
  readonly durable: boolean;
  readonly onRejected: (event: unknown, error: SdkError) => void;
};

export function dataSourceClient<Event>(
  dataSource: string,
  encode: Encode,
  sender: Sender,
  { durable, onRejected }: DataSourceOptions,
): DataSourceClient<Event> {
  const lane = sender.openLane(dataSource, durable ? "now" : "grouped");
  return {
    send(event) {
      sender.assertOpen();
      const offer = sender.add(lane, sender.encode(lane, event, encode));
      if (offer.taken) return offer.room;
      onRejected(event, offer.error);
      return false;
    },
    ready: ({ signal } = {}) => abortable(sender.room(), signal),
    sendAll: (events, options = {}) => sendAll(dataSource, events, options, encode, sender),
    flush: ({ signal } = {}) => abortable(flush(lane, sender), signal),
  };
}

async function flush(lane: Lane, sender: Sender): Promise<Summary> {
  const { tally } = lane;
  // Sealed with the old counts; what is sent from now on counts for the next flush.
  const settled = sender.flush();
  lane.tally = new Tally();
  await settled;
  return tally.summary();
}
