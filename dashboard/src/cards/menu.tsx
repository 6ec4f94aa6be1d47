import type { Signal } from "@preact/signals";
import type { Format } from "../asking/ask.ts";
import { copy } from "../copy.ts";
import { ask, askedHost, view } from "../store.ts";
import { type CardName, queryOf, queryString } from "../view/queries.ts";
import { Popover } from "./popover.tsx";
import { Said, useSaid } from "./said.tsx";

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
export function CardMenu(props: MenuProps) {
  return (
    <Popover label={`More of ${props.title}`} face="⋯" class="icon">
      {(close) => <Items {...props} close={close} />}
    </Popover>
  );
}

function Items({ name, isTable, actions = [], close }: MenuProps & { readonly close: () => void }) {
  const said = useSaid();
  const toggle = () => {
    isTable.value = !isTable.peek();
  };
  const own = [{ words: isTable.value ? "Show as chart" : "Show as table", run: toggle }, ...actions];
  return (
    <>
      {own.map(({ words, run }) => (
        <button type="button" key={words} onClick={() => closing(close, run)}>
          {words}
        </button>
      ))}
      {EXPORTS.map((format) => (
        <button type="button" key={format} onClick={() => said.tell(download(name, format))}>
          Download {WRITTEN[format]}
        </button>
      ))}
      <button type="button" onClick={() => said.tell(curlOf(name).then(copy))}>
        Copy as curl
      </button>
      <Said words={said.words} />
    </>
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
async function curlOf(name: CardName): Promise<string> {
  const url = `${await askedHost()}/v0/pipes/${queryString(queryOf(name, view.peek(), new Date()), ".json")}`;
  return `curl -sS -H "Authorization: Bearer $TB_TOKEN" '${url}'`;
}
