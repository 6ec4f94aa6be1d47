/** Puts text where it can be pasted. @throws Error with a sentence for the reader */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (cause) {
    throw new Error("The browser does not allow copying here", { cause });
  }
}
