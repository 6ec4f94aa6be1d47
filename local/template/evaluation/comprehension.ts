import type { Comprehension, Generator } from "../expression/nodes.ts";
import { breadthFirst } from "../expression/nodes.ts";
import { itemsOf } from "../values/items.ts";
import { dict, isTrue, list, type Value, valueSet } from "../values/value.ts";
import { assign } from "./assignment.ts";
import { evaluate, type Place } from "./evaluate.ts";

/** What a comprehension makes; its variables are its own. */
export function comprehend(node: Comprehension, place: Place): Value {
  const { budget } = place.run;
  const variables = breadthFirst(node.generators.map(({ target }) => target));
  const scope = place.scope.inner(
    new Set(variables.flatMap((part) => (part.kind === "name" ? [part.name] : []))),
  );
  const inside = { ...place, scope };
  const keys: Value[] = [];
  const elements: Value[] = [];
  const visit = ([generator, ...deeper]: readonly Generator[], outside: Place): void => {
    if (generator === undefined) {
      if (node.key !== undefined) keys.push(evaluate(node.key, inside));
      elements.push(evaluate(node.element, inside));
      return;
    }
    for (const item of itemsOf(evaluate(generator.iterable, outside), budget)) {
      assign(generator.target, item, inside);
      if (generator.conditions.every((condition) => isTrue(evaluate(condition, inside))))
        visit(deeper, inside);
    }
  };
  visit(node.generators, place);
  switch (node.makes) {
    case "list":
      return list(elements);
    case "set":
      return valueSet(elements, budget);
    case "generator":
      return { kind: "series", name: "generator", items: elements };
    case "dict":
      return dict(
        keys.map((key, at) => [key, elements[at] ?? null]),
        budget,
      );
    default:
      return node.makes satisfies never;
  }
}
