import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Frees what is not in use, so that what one piece of work leaves behind is not charged to the next. */
export const collectGarbage = (): void => collect();
