import { availableParallelism } from "node:os";

/** Sessions that answer queries beside the one that writes; more than the cores only wait for each other. */
export const READER_SESSIONS = Math.min(8, Math.max(2, availableParallelism()));
