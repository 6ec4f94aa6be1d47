import { fault } from "../errors.ts";
import { isQuery, markKeywords } from "./sql/keywords.ts";
import { placeOf } from "./sql/tokens.ts";
import { isName, isParentheses, parseTree, type SqlNode, unquote } from "./sql/tree.ts";
import { readTableFunctions, splitAtSemicolons } from "./tables.ts";

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

/** Table functions that make rows out of nothing but their arguments. All others reach outside the workspace. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set(
  "format generate_series generaterandom generateseries null numbers numbers_mt primes values view zeros zeros_mt".split(
    " ",
  ),
);

/** Functions that read files, dictionaries, other tables or the server, or that only hold a session busy. */
const FORBIDDEN_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    "addresstoline addresstolinewithinlines addresstosymbol catboostevaluate connectionid connection_id " +
    "current_database currentdatabase current_schemas currentschemas current_user currentuser database defaultroles " +
    "currentprofiles currentroles displayname enabledprofiles enabledroles evalmlmethod file filesystemavailable " +
    "filesystemcapacity filesystemunreserved fqdn fullhostname getmacro getoskernelversion getserverport " +
    "getserversetting getsetting getsettingordefault hascolumnintable hostname initialquery initialqueryid " +
    "initial_query_id initialquerystarttime queryid query_id schema serveruuid session_user showcertificate sleep " +
    "sleepeachrow tcpport transactionid transactionlatestsnapshot transactionoldestsnapshot uptime user zookeepersessionuptime"
  ).split(" "),
);

/** Families of forbidden functions, by how their names begin. */
const FORBIDDEN_FAMILIES = /^(?:ai[A-Z]\w*|dict(?:get|has|isin)\w*)$/i;

/** Clauses that would lift limits, write files or run a second statement. */
const FORBIDDEN_CLAUSES: ReadonlyMap<string, string> = new Map([
  ["SETTINGS", "SETTINGS"],
  ["INTO", "INTO OUTFILE"],
  ["PARALLEL", "PARALLEL WITH"],
]);

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
  checkTableFunctions(text);
  return { sql: text.slice(first.start, select.nodes.at(-1)?.end), format: select.format };
}

function isSelect(nodes: readonly SqlNode[]): boolean {
  const [first] = nodes;
  if (isParentheses(first)) return isSelect(first.nodes);
  return first?.kind === "word" && ["SELECT", "WITH", "FROM"].includes(first.text.toUpperCase());
}

/** Takes the FORMAT clause off the end. */
function formatClause(
  text: string,
  nodes: readonly SqlNode[],
): { nodes: readonly SqlNode[]; format: string | null } {
  const at = nodes.length - 2;
  const name = nodes[at + 1];
  if (markKeywords(nodes, "start").get(at) !== "FORMAT" || !isName(name)) return { nodes, format: null };
  const format = OUTPUT_FORMATS.get(unquote(name).toLowerCase());
  if (format === undefined) {
    throw fault(
      "UNKNOWN_OUTPUT_FORMAT",
      text.slice(name.start, name.end),
      [...OUTPUT_FORMATS.values()].join(", "),
    );
  }
  return { nodes: nodes.slice(0, at), format };
}

function checkNodes(text: string, nodes: readonly SqlNode[]): void {
  const marks = markKeywords(nodes, isQuery(nodes[0]) || isSelect(nodes) ? "start" : "expression");
  nodes.forEach((node, index) => {
    const clause = FORBIDDEN_CLAUSES.get(marks.get(index) ?? "");
    if (clause !== undefined) throw fault("FORBIDDEN_CLAUSE", clause, placeOf(text, node.start));
    if (node.kind !== "group") return;
    const name = nodes[index - 1];
    if (isParentheses(node) && isName(name)) checkFunction(text, unquote(name), name.start);
    checkNodes(text, node.nodes);
  });
}

function checkFunction(text: string, name: string, start: number): void {
  if (FORBIDDEN_FUNCTIONS.has(name.toLowerCase()) || FORBIDDEN_FAMILIES.test(name)) {
    throw fault("FORBIDDEN_FUNCTION", name, placeOf(text, start));
  }
}

function checkTableFunctions(text: string): void {
  for (const { name, start } of readTableFunctions(text)) {
    if (!TABLE_FUNCTIONS.has(name.toLowerCase()))
      throw fault("FORBIDDEN_FUNCTION", name, placeOf(text, start));
  }
}
