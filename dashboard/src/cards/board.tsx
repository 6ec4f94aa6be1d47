import { Spark } from "../charts/spark.tsx";
import { duration } from "../format/age.ts";
import { platformName } from "../format/names.ts";
import { count, ratio } from "../format/number.ts";
import type { TrendingContentRow } from "../rows.ts";
import { choose, resources, view } from "../store.ts";
import { boardWindow } from "../view/queries.ts";
import { type RankBy, toggled } from "../view/view.ts";
import { Card } from "./card.tsx";
import { moveOf, paceArrow } from "./move.ts";
import { Popover } from "./popover.tsx";
import { Segments } from "./segments.tsx";
import type { Table } from "./table.tsx";
import { ZMark } from "./z.tsx";

const RANK_WORDS = [
  ["z", "Unusual"],
  ["velocity", "Fastest"],
  ["engagement", "Biggest"],
] as const satisfies readonly (readonly [RankBy, string])[];

/** What is hot, and why. */
export function Board() {
  return (
    <Card
      name="board"
      title="Trending now"
      note={<WindowWords minutes={boardWindow(view.value)} />}
      resource={resources.board}
      aside={
        <Segments
          label="Rank by"
          options={RANK_WORDS}
          chosen={view.value.rankBy}
          onChoose={(rankBy) => choose({ rankBy })}
        />
      }
      table={boardTable}
    >
      {(rows) => <Rows rows={rows} />}
    </Card>
  );
}

const DAY_MINUTES = 1440;

/** Over long ranges a window is a whole day, and the last whole one is yesterday. */
function WindowWords({ minutes }: { readonly minutes: number }) {
  const isDay = minutes === DAY_MINUTES;
  return (
    <>
      {isDay ? "yesterday, UTC," : `last ${duration(minutes)}`}
      <span class="wide"> against the 24 {isDay ? "days" : "windows"} before</span>
    </>
  );
}

function Rows({ rows }: { readonly rows: readonly TrendingContentRow[] }) {
  return (
    <table class="ranking">
      <caption class="unseen">Trending content and why it trends</caption>
      <thead>
        <tr>
          <th scope="col" class="rank">
            <span aria-hidden="true">#</span>
            <span class="unseen">Rank</span>
          </th>
          <th scope="col">Content and why it trends</th>
          <th scope="col" class="wide">
            Last 24 windows
          </th>
          <th scope="col" class="wide number">
            Velocity
          </th>
          <th scope="col" class="z">
            <ZHelp />
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, place) => (
          // A place is what stays: rows that change places keep their nodes, and with them the focus.
          <Row key={place} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function ZHelp() {
  return (
    <Popover label="z: what it means" face="z" class="text">
      {() => (
        <p class="explained">
          <b>z = (now − usual) ÷ usual spread.</b> Usual is the mean of the 24 windows before. From 2 on it is
          worth a look, from 4 on unusual, from 8 on very much so.
        </p>
      )}
    </Popover>
  );
}

function Row({ row }: { readonly row: TrendingContentRow }) {
  const move = moveOf(row);
  const text = row.sample_text || row.content_id;
  return (
    <tr>
      <td class="rank">
        <b>{row.rank}</b>{" "}
        <span class={`move ${move.kind}`}>
          <span aria-hidden="true">{move.text}</span>
          <span class="unseen">{move.words}</span>
        </span>
      </td>
      <th scope="row" class="content">
        <button
          type="button"
          class="text user"
          dir="auto"
          title={text}
          onClick={() => choose(toggled(view.peek(), "content_id", row.content_id))}
        >
          {text}
        </button>
        <Reason row={row} />
      </th>
      <td class="wide">
        <Spark counts={row.spark} width={88} height={26} />
      </td>
      <td class="wide number">
        <b>{count(Math.round(row.velocity_per_hour))}</b>/h <Pace row={row} />
      </td>
      <td class="z">
        <ZMark z={row.z_score} />
      </td>
    </tr>
  );
}

/** `24 in 5 min, 2.8 usual, 19 users · Twitter · #tmt` */
function Reason({ row }: { readonly row: TrendingContentRow }) {
  const { n_now, window_minutes, expected, users_now, platform, common_tags } = row;
  const [tag] = common_tags;
  return (
    <span class="reason">
      <b>
        {count(n_now)} in {duration(window_minutes)}
      </b>
      , {ratio(expected)} usual, {count(users_now)} {users_now === 1 ? "user" : "users"}
      <span class="wide">
        {" "}
        · {platformName(platform)}
        {tag && (
          <>
            {" "}
            · <span dir="auto">#{tag}</span>
          </>
        )}
      </span>
    </span>
  );
}

function Pace({ row }: { readonly row: TrendingContentRow }) {
  const { glyph, words } = paceArrow(row.acceleration_per_hour2);
  return (
    <>
      <span aria-hidden="true">{glyph}</span>
      <span class="unseen">{words}</span>
    </>
  );
}

function boardTable(rows: readonly TrendingContentRow[]): Table {
  return {
    columns: ["Content", "Rank", "Before", "Text", "Now", "Usual", "Users", "An hour", "z", "Interactions"],
    rows: rows.map((row) => [
      row.content_id,
      row.rank,
      row.previous_rank,
      row.sample_text,
      row.n_now,
      row.expected,
      row.users_now,
      row.velocity_per_hour,
      row.z_score,
      row.interaction_count,
    ]),
  };
}
