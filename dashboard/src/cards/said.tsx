import { useSignal } from "@preact/signals";

/** What a menu says of work that it began: its result, or why there is none. */
export function useSaid() {
  const words = useSignal("");
  return {
    words: words.value,
    tell(work: Promise<string>): void {
      work.then(
        (done) => {
          words.value = done;
        },
        (error: unknown) => {
          words.value = error instanceof Error ? error.message : String(error);
        },
      );
    },
  };
}

export function Said({ words }: { readonly words: string }) {
  return (
    <p class="said" role="status">
      {words}
    </p>
  );
}
