import { breadthFirst } from "../expression/nodes.ts";
import type { Site } from "../tags/nodes.ts";

/** The parameters that `defined()` asks for, anywhere: those that a request may leave out. */
export function askedFor(sites: readonly Site[]): ReadonlySet<string> {
  const nodes = breadthFirst(sites.flatMap(({ roots }) => roots));
  const names = nodes.flatMap((node) => {
    if (node.kind !== "call" || node.callee.kind !== "name" || node.callee.name !== "defined") return [];
    const [first] = node.positional;
    return first?.kind === "name" ? [first.name] : [];
  });
  return new Set(names);
}
