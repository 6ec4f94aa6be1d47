import { invalid, Raised, typeError } from "../faults.ts";
import type { Arguments } from "../functions/arguments.ts";
import type { Budget } from "../limits.ts";
import { equal } from "./comparison.ts";
import { itemsOf } from "./items.ts";
import { type Method, TEXT_METHODS } from "./text-methods.ts";
import {
  type Dict,
  isPlaceholder,
  keyOf,
  type List,
  list,
  numberOf,
  PLACEHOLDER,
  type Series,
  textOf,
  tuple,
  typeName,
  type Value,
} from "./value.ts";

/** `object.name(args)`. */
export function callMethod(object: Value, name: string, args: Arguments, budget: Budget): Value {
  const method = findMethod(object, name);
  if (method === undefined) throw missing(object, name);
  return method(args, budget);
}

function findMethod(object: Value, name: string): ((args: Arguments, budget: Budget) => Value) | undefined {
  const text = textOf(object);
  if (text !== undefined) return bind(TEXT_METHODS.get(name), text);
  if (isPlaceholder(object)) return bind(PLACEHOLDER_METHODS.get(name), object);
  if (object === null || typeof object !== "object") return undefined;
  if (object.kind === "list") return bind(LIST_METHODS.get(name), object);
  return object.kind === "dict" ? bind(DICT_METHODS.get(name), object) : undefined;
}

function bind<T>(method: Method<T> | undefined, self: T) {
  return method && ((args: Arguments, budget: Budget) => method(self, args, budget));
}

/** What reading an attribute that is not there says. */
export function missing(object: Value, name: string): Raised {
  const hint =
    name === "get" && textOf(object) !== undefined
      ? ". Make sure you're using an object/dictionary where trying to use .get()"
      : "";
  return new Raised("AttributeError", `'${typeName(object)}' object has no attribute '${name}'${hint}`);
}

const LIST_METHODS: ReadonlyMap<string, Method<List>> = new Map<string, Method<List>>([
  [
    "append",
    (self, args) => {
      const [item = null] = args.bind("object");
      self.items.push(item);
      return null;
    },
  ],
  [
    "extend",
    (self, args, budget) => {
      const [items = null] = args.bind("iterable");
      for (const item of itemsOf(items, budget)) self.items.push(item);
      return null;
    },
  ],
  ["pop", pop],
  [
    "index",
    (self, args, budget) => {
      const [wanted = null] = args.bind("value");
      const at = self.items.findIndex((item) => equal(item, wanted, budget));
      if (at < 0) throw invalid("the value is not in the list");
      return BigInt(at);
    },
  ],
]);

const DICT_METHODS: ReadonlyMap<string, Method<Dict>> = new Map<string, Method<Dict>>([
  [
    "get",
    (self, args, budget) => {
      const [key, fallback = null] = args.bind("key", "default");
      return self.entries.get(keyOf(args.required(key, "key"), budget))?.[1] ?? fallback;
    },
  ],
  ["keys", view("dict_keys", ([key]) => key)],
  ["values", view("dict_values", ([, value]) => value)],
  ["items", view("dict_items", ([key, value]) => tuple(key, value))],
]);

/** What a check can answer for a value that is not there. */
const PLACEHOLDER_METHODS: ReadonlyMap<string, Method<Value>> = new Map<string, Method<Value>>([
  ["split", () => list([PLACEHOLDER, PLACEHOLDER])],
  ["startswith", () => false],
]);

function view(name: string, pick: (entry: readonly [Value, Value]) => Value): Method<Dict> {
  return (self, args): Series => {
    args.bind();
    return { kind: "series", name, items: Array.from(self.entries.values(), pick) };
  };
}

function pop(self: List, args: Arguments): Value {
  const [given = -1n] = args.bind("index");
  const index = numberOf(given);
  if (typeof index !== "bigint") throw typeError("pop() takes a whole number");
  const at = Number(index) < 0 ? Number(index) + self.items.length : Number(index);
  const [item] = at >= 0 ? self.items.splice(at, 1) : [];
  if (item === undefined) throw new Raised("IndexError", "pop index out of range");
  return item;
}
