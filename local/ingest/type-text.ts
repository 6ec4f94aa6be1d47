import type { DataType, TypeArgument } from "../datafile/index.ts";
import { literal } from "../engine/literal.ts";

/** A type as ClickHouse writes it. */
export function typeText({ family, arguments: parts }: DataType): string {
  return parts.length === 0 ? family : `${family}(${parts.map(argumentText).join(", ")})`;
}

function argumentText(argument: TypeArgument): string {
  switch (argument.kind) {
    case "type":
      return typeText(argument.type);
    case "named":
      return `\`${argument.name}\` ${typeText(argument.type)}`;
    case "number":
      return argument.text;
    case "string":
      return literal(argument.value);
    case "pair":
      return `${literal(argument.name)} = ${argument.value}`;
    case "skip":
      return `SKIP ${argument.path}`;
  }
}
