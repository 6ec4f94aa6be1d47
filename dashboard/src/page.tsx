import { Chips } from "./bar/chips.tsx";
import { Foot } from "./bar/foot.tsx";
import { Help } from "./bar/help.tsx";
import { TopBar } from "./bar/top-bar.tsx";
import { Board } from "./cards/board.tsx";
import { Feed } from "./cards/feed.tsx";
import { Figures } from "./cards/figures.tsx";
import { Heatmap } from "./cards/heatmap.tsx";
import { Matrix } from "./cards/matrix.tsx";
import { Tags } from "./cards/tags.tsx";
import { Timeline } from "./cards/timeline.tsx";

/** The whole page, in the order of its questions: what is happening, is it more than usual, what is hot, since when. */
export function Page() {
  return (
    <>
      <a class="skip" href="#board-title">
        Skip to what is trending
      </a>
      <TopBar />
      <main>
        <Chips />
        <div class="cards">
          <Figures />
          <Timeline />
          <Matrix />
          <Board />
          <Tags />
          <Heatmap />
          <Feed />
        </div>
      </main>
      <Foot />
      <Help />
    </>
  );
}
