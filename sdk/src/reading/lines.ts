import { fault } from "../errors.ts";
import { reasonOf } from "../issues.ts";

/** The lines of a stream of UTF-8 text, empty ones left out. Throws SdkError UNREACHABLE when the connection breaks. */
export async function* linesOf(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void> {
  const reader = stream.pipeThrough(new TextDecoderStream() as Decoder).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw signal?.aborted === true ? signal.reason : fault("UNREACHABLE", [reasonOf(cause)], cause);
      });
      const lines = `${rest}${value ?? ""}`.split("\n");
      rest = done ? "" : (lines.pop() ?? "");
      yield* lines.filter((line) => line !== "");
      if (done) return;
    }
  } finally {
    // A reader that stops early ends the request.
    await reader.cancel().catch(() => undefined);
  }
}

/** Written out: where the DOM is declared too, its declaration takes no `Uint8Array` of a shared buffer. */
type Decoder = { readonly readable: ReadableStream<string>; readonly writable: WritableStream<Uint8Array> };
