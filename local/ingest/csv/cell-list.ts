/** An item of a list: in single or double quotes with escapes, or bare up to the next comma. */
const ITEM = /\s*(?:'((?:[^'\\]|\\.|'')*)'|"((?:[^"\\]|\\.|"")*)"|([^,[\]'"]*[^,[\]'"\s]))\s*(,|$)/y;

/**
 * The items of a list in a cell, as ClickHouse (`['a','b']`), JSON (`["a","b"]`) or a person (`[1, 2]`) writes it;
 * an empty cell is an empty list. Null when the text is no list.
 */
export function listOf(cell: string): (string | null)[] | null {
  const text = cell.trim();
  if (text === "") return [];
  if (!text.startsWith("[") || !text.endsWith("]")) return null;
  const inner = text.slice(1, -1);
  if (inner.trim() === "") return [];
  const items: (string | null)[] = [];
  for (let at = 0; at < inner.length; at = ITEM.lastIndex) {
    ITEM.lastIndex = at;
    const found = ITEM.exec(inner);
    if (found === null) return null;
    const [, single, double, bare, end] = found;
    items.push(
      bare === undefined
        ? unescaped(single ?? double ?? "", single === undefined ? '"' : "'")
        : bareItem(bare),
    );
    if (end !== "," && ITEM.lastIndex < inner.length) return null;
    if (end === "," && ITEM.lastIndex === inner.length) return null;
    if (end === "") break;
  }
  return items;
}

function bareItem(text: string): string | null {
  return text.toLowerCase() === "null" ? null : text;
}

const CONTROLS: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "0": "\0" };

function unescaped(text: string, quote: string): string {
  return text
    .replaceAll(quote + quote, quote)
    .replaceAll(/\\(u[\da-fA-F]{4}|.)/g, (_, escaped: string) =>
      escaped.length === 5
        ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
        : (CONTROLS[escaped] ?? escaped),
    );
}
