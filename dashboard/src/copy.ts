/** Puts text where it can be pasted. @returns what to say of it @throws Error with a sentence for the reader */
export async function copy(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch (cause) {
    throw new Error("The browser does not allow copying here", { cause });
  }
}
