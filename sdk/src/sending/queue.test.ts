import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Queue } from "./queue.ts";

const queue = () => new Queue<number>({ maxBytes: 100, highWaterBytes: 50 });

/** Whether a promise is settled once all that is ready to run has run. */
const settled = (promise: Promise<void>) =>
  Promise.race([promise.then(() => true), new Promise<boolean>((r) => setImmediate(() => r(false)))]);

describe("the queue", () => {
  it("gives items back in the order they came, for any mix of pushes and shifts", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), (pushes) => {
        const subject = queue();
        const model: number[] = [];
        for (const [index, push] of pushes.entries()) {
          if (push) {
            subject.push(index);
            model.push(index);
          } else expect(subject.shift()).toBe(model.shift());
        }
      }),
    );
  });

  it("reserves up to its bound and not a byte more", () => {
    const subject = queue();
    expect([subject.reserve(99), subject.reserve(2), subject.reserve(1)]).toEqual([true, false, true]);
    expect(subject.reservedBytes).toBe(100);
  });

  it("has room below the high-water mark", () => {
    const subject = queue();
    subject.reserve(49);
    expect(subject.hasRoom()).toBe(true);
    subject.reserve(1);
    expect(subject.hasRoom()).toBe(false);
  });

  it("wakes a caller when there is room again, and not before", async () => {
    const subject = queue();
    subject.reserve(90);
    const ready = subject.room(0);
    subject.release(30);
    expect(await settled(ready)).toBe(false);
    subject.release(20);
    expect(await settled(ready)).toBe(true);
  });

  it("wakes a caller for whose event there is room, and lets the other wait", async () => {
    const subject = queue();
    subject.reserve(60);
    const [small, large] = [subject.room(10), subject.room(80)];
    subject.release(20);
    expect([await settled(small), await settled(large)]).toEqual([true, false]);
  });

  it("wakes a caller with an event larger than the bound when nothing is left to wait for", async () => {
    const subject = queue();
    subject.reserve(10);
    const ready = subject.room(1_000);
    subject.release(10);
    expect(await settled(ready)).toBe(true);
  });
});
