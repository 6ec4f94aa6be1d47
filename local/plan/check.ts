import type { Pipe, PipeNode, Problem } from "../datafile/index.ts";
import { type Engine, EngineError } from "../engine/engine.ts";
import { TinybirdError } from "../errors.ts";
import { type NodeReading, problemOfNode, readNode } from "./reading.ts";

/** What the nodes of a pipe read, and every node that cannot be read. */
export interface PipeReading {
  readonly readings: readonly NodeReading[];
  readonly problems: readonly Problem[];
}

/**
 * Renders every node without a request and has ClickHouse parse it. Tables are not looked up: they may not exist yet.
 * @param secrets names of the secrets that the workspace has.
 */
export async function readPipe(
  pipe: Pipe,
  engine: Engine,
  secrets: ReadonlySet<string>,
): Promise<PipeReading> {
  const readings: NodeReading[] = [];
  const problems: Problem[] = [];
  for (const node of pipe.nodes) {
    const reading = readable(pipe, node, secrets);
    const problem = "problem" in reading ? reading.problem : await syntaxProblem(pipe, reading, engine);
    if (problem !== null) problems.push(problem);
    else if (!("problem" in reading)) readings.push(reading);
  }
  return { readings, problems };
}

function readable(
  pipe: Pipe,
  node: PipeNode,
  secrets: ReadonlySet<string>,
): NodeReading | { readonly problem: Problem } {
  try {
    return readNode(node, secrets);
  } catch (error) {
    if (!(error instanceof TinybirdError)) throw error;
    return { problem: problemOfNode(pipe, node, error.message) };
  }
}

async function syntaxProblem(
  pipe: Pipe,
  { node, sql }: NodeReading,
  engine: Engine,
): Promise<Problem | null> {
  try {
    await engine.query(`EXPLAIN AST ${sql}`);
    return null;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return problemOfNode(pipe, node, withoutPosition(error.message), sql);
  }
}

/** ClickHouse counts its position from the EXPLAIN that we wrote; the line and the text found there say enough. */
function withoutPosition(message: string): string {
  return message.replace(/^Code: \d+\. DB::Exception: /, "").replace(/ at position \d+/, "");
}
