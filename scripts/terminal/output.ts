import { once } from "node:events";

/** Writes to stdout and waits while its reader is slower. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

/** A line for people on stderr, where it does not mix with data. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** When the reader of a pipe has seen enough (`… | head`), the end is a quiet one. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}
