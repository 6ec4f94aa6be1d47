import { fault } from "../../errors.ts";
import { isQuery, markKeywords } from "../sql/keywords.ts";
import { placeOf } from "../sql/tokens.ts";
import {
  compoundName,
  isName,
  isParentheses,
  isPunctuation,
  isWord,
  parseTree,
  type SqlNode,
  splitAtCommas,
  unquote,
} from "../sql/tree.ts";
import { readTableFunctions, splitAtSemicolons } from "../tables.ts";
import { mayCall, mayReadFrom } from "./functions.ts";

/** One SELECT without its FORMAT clause and closing semicolon, and the format that it asked for. */
export interface CheckedSelect {
  readonly sql: string;
  readonly format: string | null;
}

/** Output formats of the Query API. ClickHouse has others, some of which speak a network protocol. */
const OUTPUT_FORMATS: ReadonlyMap<string, string> = new Map(
  (
    "CSV CSVWithNames JSON JSONCompact JSONEachRow JSONStrings Parquet PrettyCompact Prometheus TSV TSVWithNames " +
    "TabSeparated TabSeparatedWithNames"
  )
    .split(" ")
    .map((name) => [name.toLowerCase(), name]),
);

/** Clauses that would lift limits, write files or run a second statement. */
const FORBIDDEN_CLAUSES: ReadonlyMap<string, string> = new Map([
  ["SETTINGS", "SETTINGS"],
  ["INTO", "INTO OUTFILE"],
  ["PARALLEL", "PARALLEL WITH"],
]);

/** Functions that take a function, and also take one by its bare name: `arrayMap(upper, tags)`. */
const HIGHER_ORDER = /^(?:array|map)/i;

/** Databases that hold something: ClickHouse's own, and those of workspaces (`newName("w")` makes their names). */
const DATABASE = /^(?:system|information_schema|w_[\da-f]{16})$/i;

const JOIN_GET = /^joinget(?:ornull)?$/i;

/**
 * The one gate of every statement that is not ours: of a node, of `/v0/sql`, of `q=`. Lets one SELECT through that
 * reads named tables and nothing else; who may read them is decided where the names are resolved.
 * @throws TinybirdError NOT_A_SELECT, FORBIDDEN_CLAUSE, FORBIDDEN_FUNCTION, UNKNOWN_OUTPUT_FORMAT, SQL_SYNTAX
 */
export function checkSelect(text: string): CheckedSelect {
  const statements = splitAtSemicolons(parseTree(text));
  const [nodes = []] = statements;
  if (statements.length !== 1) throw fault("NOT_A_SELECT", `holds ${statements.length} statements`);
  const select = formatClause(text, nodes);
  const [first] = select.nodes;
  if (first === undefined || !isSelect(select.nodes)) {
    throw fault("NOT_A_SELECT", `begins with ${text.slice(first?.start ?? 0, first?.end)}`);
  }
  checkNodes(text, select.nodes);
  for (const { name, start } of readTableFunctions(text)) {
    if (!mayReadFrom(name)) throw fault("FORBIDDEN_FUNCTION", name, placeOf(text, start));
  }
  return { sql: text.slice(first.start, select.nodes.at(-1)?.end), format: select.format };
}

function isSelect(nodes: readonly SqlNode[]): boolean {
  const [first] = nodes;
  return isParentheses(first) ? isSelect(first.nodes) : isWord(first, "SELECT", "WITH", "FROM");
}

/** Takes the FORMAT clause off the end. What only looks like one must name a format that is allowed, too. */
function formatClause(
  text: string,
  nodes: readonly SqlNode[],
): { nodes: readonly SqlNode[]; format: string | null } {
  const at = nodes.length - 2;
  const name = nodes[at + 1];
  if (!isWord(nodes[at], "FORMAT") || !isName(name)) return { nodes, format: null };
  const format = OUTPUT_FORMATS.get(unquote(name).toLowerCase());
  if (format === undefined) {
    const known = [...OUTPUT_FORMATS.values()].join(", ");
    throw fault("UNKNOWN_OUTPUT_FORMAT", text.slice(name.start, name.end), known);
  }
  const isClause = markKeywords(nodes, "start").get(at) === "FORMAT";
  return isClause ? { nodes: nodes.slice(0, at), format } : { nodes, format: null };
}

function checkNodes(text: string, nodes: readonly SqlNode[]): void {
  const marks = markKeywords(nodes, isQuery(nodes[0]) || isSelect(nodes) ? "start" : "expression");
  nodes.forEach((node, index) => {
    const clause = FORBIDDEN_CLAUSES.get(marks.get(index) ?? "") ?? unmistakableClause(nodes, index);
    if (clause !== null) throw fault("FORBIDDEN_CLAUSE", clause, placeOf(text, node.start));
    if (isWord(node, "APPLY")) checkFunctionName(text, nodes[index + 1]);
    checkQualifiedName(nodes, index);
    if (node.kind !== "group") return;
    if (isParentheses(node)) checkCall(text, nodes[index - 1], node.nodes);
    checkNodes(text, node.nodes);
  });
  if (explains(nodes)) throw fault("FORBIDDEN_CLAUSE", "EXPLAIN", placeOf(text, nodes[0]?.start ?? 0));
}

/** What no other SQL looks like: the two that matter most are refused without asking where they stand. */
function unmistakableClause(nodes: readonly SqlNode[], index: number): string | null {
  const [word, next, after] = nodes.slice(index, index + 3);
  if (isWord(word, "INTO") && isWord(next, "OUTFILE")) return "INTO OUTFILE";
  return isWord(word, "SETTINGS") && isName(next) && isPunctuation(after, "=") ? "SETTINGS" : null;
}

function checkCall(text: string, name: SqlNode | undefined, inside: readonly SqlNode[]): void {
  if (!isName(name)) return;
  checkFunctionName(text, name);
  const [first = []] = splitAtCommas(inside);
  if (HIGHER_ORDER.test(unquote(name))) checkFunctionName(text, soleName(first));
  // A computed name would be read past the list of tables.
  if (JOIN_GET.test(unquote(name)) && !namesTable(first)) {
    throw fault("FORBIDDEN_FUNCTION", unquote(name), placeOf(text, name.start));
  }
}

/**
 * A name with one of these databases in front is refused wherever it stands, so that nothing depends on telling tables
 * from columns. The price: an alias `system` cannot qualify columns.
 */
function checkQualifiedName(nodes: readonly SqlNode[], index: number): void {
  if (!isName(nodes[index]) || isPunctuation(nodes[index - 1], ".")) return;
  const name = compoundName(nodes, index);
  const [database = ""] = (name?.database ?? "").split(".");
  if (name !== null && DATABASE.test(database))
    throw fault("UNKNOWN_TABLE", `${name.database}.${name.table}`);
}

/** A function by its name, or by its name in parentheses. */
function checkFunctionName(text: string, node: SqlNode | undefined): void {
  const name = isParentheses(node) ? node.nodes[0] : node;
  if (isName(name) && !mayCall(unquote(name))) {
    throw fault("FORBIDDEN_FUNCTION", unquote(name), placeOf(text, name.start));
  }
}

/** The name that an expression consists of, in parentheses and with an alias or without. */
function soleName(nodes: readonly SqlNode[]): SqlNode | undefined {
  const [first, next] = nodes;
  if (isParentheses(first)) return soleName(first.nodes);
  return next === undefined || isName(next) ? first : undefined;
}

function namesTable(nodes: readonly SqlNode[]): boolean {
  return compoundName(nodes, 0)?.next === nodes.length || (nodes.length === 1 && nodes[0]?.kind === "string");
}

/** `(EXPLAIN SELECT 1)`, which ClickHouse takes for a table; a column of that name is followed by an operator. */
function explains(nodes: readonly SqlNode[]): boolean {
  return (
    isWord(nodes[0], "EXPLAIN") && nodes[1]?.kind === "word" && !markKeywords(nodes, "expression").has(1)
  );
}
