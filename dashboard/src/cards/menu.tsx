import { type Signal, useSignal } from "@preact/signals";
import type { Format } from "../asking/ask.ts";
import { copy } from "../copy.ts";
import { ask, view } from "../store.ts";
import { type CardName, queryOf, queryString } from "../view/queries.ts";
import { Popover } from "./popover.tsx";

const EXPORTS = ["csv", "ndjson", "parquet"] as const satisfies readonly Format[];

const WRITTEN: Readonly<Record<(typeof EXPORTS)[number], string>> = {
  csv: "CSV",
  ndjson: "NDJSON",
  parquet: "Parquet",
};

/** What only this card can do. */
export interface Action {
  readonly words: string;
  readonly run: () => void;
}

interface MenuProps {
  readonly name: CardName;
  readonly title: string;
  readonly isTable: Signal<boolean>;
  readonly actions?: readonly Action[] | undefined;
}

/** Table or chart, the whole answer as a file, the question as a line for a shell. */
export function CardMenu({ name, title, isTable, actions = [] }: MenuProps) {
  const said = useSignal("");
  const tell = (work: Promise<string>) =>
    work.then(
      (done) => (said.value = done),
      (error: unknown) => (said.value = error instanceof Error ? error.message : String(error)),
    );
  const toggle = () => {
    isTable.value = !isTable.peek();
  };
  return (
    <Popover label={`More of ${title}`} face="⋯" class="icon">
      {(close) => (
        <>
          <button type="button" onClick={() => closing(close, toggle)}>
            {isTable.value ? "Show as chart" : "Show as table"}
          </button>
          {actions.map((action) => (
            <button type="button" key={action.words} onClick={() => closing(close, action.run)}>
              {action.words}
            </button>
          ))}
          {EXPORTS.map((format) => (
            <button type="button" key={format} onClick={() => tell(download(name, format))}>
              Download {WRITTEN[format]}
            </button>
          ))}
          <button type="button" onClick={() => tell(copy(curlOf(name)).then(() => "Copied"))}>
            Copy as curl
          </button>
          <p class="said" role="status">
            {said.value}
          </p>
        </>
      )}
    </Popover>
  );
}

function closing(close: () => void, run: () => void): void {
  run();
  close();
}

/** The same question with another suffix: the whole answer. */
async function download(name: CardName, format: Format): Promise<string> {
  const query = queryOf(name, view.peek(), new Date());
  const response = await ask(query, format);
  const url = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: url, download: `${query.pipe}.${format}` });
  link.click();
  // Later, for the download reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
  return "Downloaded";
}

/** The token stands in it as a word of the shell: what is copied may end up anywhere. */
function curlOf(name: CardName): string {
  const url = `${location.origin}/v0/pipes/${queryString(queryOf(name, view.peek(), new Date()), ".json")}`;
  return `curl -sS -H "Authorization: Bearer $TB_TOKEN" '${url}'`;
}
