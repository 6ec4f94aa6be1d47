/**
 * A program that sends and ends, for tests of how it ends: `sender.test-program.ts HOST MODE COUNT [SPOOL]`. Each id goes to
 * stdout, unbuffered, when `send` has taken its event.
 */
import { writeSync } from "node:fs";
import { createClient } from "../index.ts";
import { interaction } from "../sending/event.test-data.ts";

const [host = "", mode = "", count = "", spool] = process.argv.slice(2);

const client = createClient({
  host,
  token: "p.secret-token",
  compression: false,
  exit: { signals: true },
  ...(spool === undefined ? {} : { spool: { dir: spool } }),
});

/** A pipe whose reader is behind says EAGAIN. */
function say(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

function sendSome(from: number, to: number): void {
  for (let id = from; id < to; id += 1) {
    client.socialInteractions.send(interaction({ interaction_id: `e${id}` }));
    say(`e${id}`);
  }
}

const total = Number(count);
if (mode === "for ever") {
  // Until it is killed; in pieces, so that batches are under way and acknowledged meanwhile.
  for (let id = 0; ; id += total) {
    sendSome(id, id + total);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
sendSome(0, total);
if (mode === "process.exit") process.exit(0);
if (mode === "wait for a signal") {
  say("ready");
  setInterval(() => {}, 1_000);
}
// Else a natural end.
