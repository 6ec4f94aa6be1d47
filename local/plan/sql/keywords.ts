import { isParentheses, isPunctuation, isWord, type SqlNode } from "./tree.ts";

/**
 * ClickHouse reserves next to nothing: `SELECT from FROM t` is fine. A word is a keyword by where it stands: behind a
 * complete operand it continues the statement, where an operand is due it is a name.
 */

/** Words behind a complete operand that are no alias, or are one only by accident, and ask for another operand. */
const CONTINUING: ReadonlySet<string> = new Set(
  (
    "ALL AND ANTI ANY ARRAY AS ASOF BETWEEN CROSS DIV ELSE EXCEPT FORMAT FROM FULL GLOBAL GROUP HAVING ILIKE IN INNER " +
    "INTERSECT INTO IS JOIN LEFT LIKE LIMIT MOD NATURAL NOT OFFSET ON ONLY OR ORDER OVER PARALLEL PASTE PREWHERE " +
    "QUALIFY REGEXP RIGHT SAMPLE SEMI SETTINGS THEN UNION USING WHEN WHERE WINDOW WITH"
  ).split(" "),
);

/** Words behind a table that leave it complete. */
const BEHIND_TABLE = ["FINAL", "STREAM", "UUID"];
const COMPLETING: ReadonlySet<string> = new Set([...BEHIND_TABLE, "TOTALS", "ROLLUP", "CUBE", "TIES"]);

/** What may stand right behind a keyword and is then part of it. */
const FOLLOWERS: Readonly<Record<string, readonly string[]>> = {
  SELECT: ["DISTINCT", "ALL", "TOP"],
  WITH: ["FILL", "TOTALS", "ROLLUP", "CUBE", "TIES"],
  GROUP: ["BY"],
  ORDER: ["BY"],
  PARTITION: ["BY"],
  INTO: ["OUTFILE"],
  PARALLEL: ["WITH"],
  UNION: ["ALL", "DISTINCT"],
  EXCEPT: ["ALL", "DISTINCT"],
  INTERSECT: ["ALL", "DISTINCT"],
  DISTINCT: ["ON"],
};

/** The same, when the keyword itself stands behind an operand: `a NOT IN b`, but not `NOT in(a, b)`. */
const INFIX_FOLLOWERS: Readonly<Record<string, readonly string[]>> = {
  IS: ["NOT", "DISTINCT"],
  NOT: ["IN", "LIKE", "ILIKE", "BETWEEN", "DISTINCT"],
  GLOBAL: ["IN", "NOT"],
};

const JOIN_WORDS =
  "GLOBAL LOCAL NATURAL ANY ALL ASOF SEMI ANTI ONLY INNER LEFT RIGHT FULL OUTER CROSS PASTE ARRAY".split(" ");

/** Words before which a FROM is a column: `CASE WHEN from THEN 1`. */
const NOT_A_TABLE: ReadonlySet<string> = new Set([...CONTINUING, "SELECT", "END", "ASC", "DESC"]);

/** Where in a statement a list of nodes begins: before it, behind its FROM, or inside an expression. */
export type Section = "start" | "from" | "expression";

/** The words of a list that are keywords: index to the word in capitals. */
export type Keywords = ReadonlyMap<number, string>;

interface State {
  section: Section | "with" | "select" | "rest";
  /** The query has its SELECT: `FROM t SELECT a` is fine too. */
  selected: boolean;
  /** An operand has just ended. */
  complete: boolean;
  /** The keyword right before, in capitals. */
  keyword: string | null;
  /** That keyword stood behind an operand. */
  infix: boolean;
}

/** Tells keywords from names in one list of nodes; groups are lists of their own. */
export function markKeywords(nodes: readonly SqlNode[], section: Section): Keywords {
  const marks = new Map<number, string>();
  const state: State = {
    section,
    selected: section !== "start",
    complete: false,
    keyword: null,
    infix: false,
  };
  nodes.forEach((node, index) => {
    const keyword = keywordAt(nodes, index, state);
    if (keyword !== null) {
      marks.set(index, keyword);
      state.section = sectionAfter(nodes, index, keyword, state.section);
      state.selected = keyword === "SELECT" || (state.selected && state.section !== "start");
      state.infix = state.complete || (state.infix && continuesInfix(state.keyword, keyword));
      // In `SELECT TOP 1 WITH TIES a` the first column is still due.
      state.complete = COMPLETING.has(keyword) && !(keyword === "TIES" && state.section === "select");
    } else if (isSelectHead(nodes, index, state)) {
      state.complete = false;
    } else if (node.kind === "punctuation") {
      // A star is an operand (`SELECT *`) where one is due, else a product.
      state.complete = node.text === "*" && !state.complete;
    } else state.complete = true;
    state.keyword = keyword;
  });
  return marks;
}

/** The `1` of `SELECT TOP 1 a` and the `(b)` of `SELECT DISTINCT ON (b) a` are no columns. */
function isSelectHead(nodes: readonly SqlNode[], index: number, { keyword, section }: State): boolean {
  if (section !== "select") return false;
  const isOperand = nodes[index]?.kind === "number" || isParentheses(nodes[index]);
  return isOperand && (keyword === "TOP" || (keyword === "ON" && isWord(nodes[index - 2], "DISTINCT")));
}

function sectionAfter(
  nodes: readonly SqlNode[],
  index: number,
  keyword: string,
  section: State["section"],
): State["section"] {
  if (section === "expression") return section;
  if (keyword === "SELECT") return "select";
  if (keyword === "FROM") return "from";
  if (keyword === "WITH") return section === "start" ? "with" : section;
  if (isSetOperator(nodes, index)) return "start";
  return ["WHERE", "PREWHERE", "GROUP", "HAVING", "ORDER", "LIMIT"].includes(keyword) ? "rest" : section;
}

function keywordAt(nodes: readonly SqlNode[], index: number, state: State): string | null {
  const word = nodes[index];
  if (word?.kind !== "word" || isPunctuation(nodes[index - 1], ".") || state.keyword === "AS") return null;
  const text = word.text.toUpperCase();
  const isKeyword = state.complete
    ? continues(nodes, index, text, state)
    : follows(nodes, index, text, state) || opens(nodes, index, text, state);
  return isKeyword ? text : null;
}

function continues(nodes: readonly SqlNode[], index: number, text: string, state: State): boolean {
  if (BEHIND_TABLE.includes(text)) return state.section === "from";
  // A second SELECT is an alias, strange as it looks: `SELECT 1 FROM posts select, reels`.
  if (text === "SELECT") return !state.selected && !isPunctuation(nodes[index + 1], ",");
  return CONTINUING.has(text);
}

function continuesInfix(keyword: string | null, text: string): boolean {
  return keyword !== null && INFIX_FOLLOWERS[keyword]?.includes(text) === true;
}

/** Keywords of several words. */
function follows(nodes: readonly SqlNode[], index: number, text: string, state: State): boolean {
  const { keyword, section, infix } = state;
  if (keyword === null) return false;
  if (keyword === "WITH" && section === "with") {
    return text === "RECURSIVE" && !isWord(nodes[index + 1], "AS");
  }
  if (FOLLOWERS[keyword]?.includes(text)) return true;
  if (infix && continuesInfix(keyword, text)) return true;
  return JOIN_WORDS.includes(keyword) && (text === "JOIN" || JOIN_WORDS.includes(text));
}

/** Keywords where an operand is due. */
function opens(nodes: readonly SqlNode[], index: number, text: string, state: State): boolean {
  const { section, keyword } = state;
  if (text === "NOT") return true;
  // A window: `OVER (ORDER BY a)`.
  if (section === "expression" && index === 0 && isWord(nodes[1], "BY"))
    return /^(?:ORDER|PARTITION)$/.test(text);
  if (text === "WITH") return section === "start" || endsTop(nodes, index);
  if (text === "SELECT")
    return section === "start" || (section === "with" && isPunctuation(nodes[index - 1], ","));
  if (text !== "FROM" || section === "expression" || section === "from") return false;
  // `ORDER BY a WITH FILL FROM 1` and `a IS NOT DISTINCT FROM b` are no clauses.
  if (keyword === "FILL" || (keyword === "DISTINCT" && comparesDistinct(nodes, index, state))) return false;
  return section === "start" || beginsTable(nodes, index);
}

/** `WITH TIES` behind `SELECT TOP 1`. */
function endsTop(nodes: readonly SqlNode[], index: number): boolean {
  const isCount = nodes[index - 1]?.kind === "number" || isParentheses(nodes[index - 1]);
  return isCount && isWord(nodes[index - 2], "TOP") && isWord(nodes[index + 1], "TIES");
}

function comparesDistinct(nodes: readonly SqlNode[], from: number, state: State): boolean {
  if (!state.infix) return false;
  const before = isWord(nodes[from - 2], "NOT") ? from - 3 : from - 2;
  return isWord(nodes[before], "IS");
}

/** Is a FROM, where an operand is due, the clause and no column? So in `SELECT a, FROM t`, and not in `SELECT a, from FROM t`. */
function beginsTable(nodes: readonly SqlNode[], from: number): boolean {
  const next = nodes[from + 1];
  if (next?.kind === "group") return isPunctuation(nodes[from - 1], ",");
  if (next?.kind === "word") return !NOT_A_TABLE.has(next.text.toUpperCase());
  return next?.kind === "quoted" || next?.kind === "string" || next?.kind === "parameter";
}

/** Does the word join two queries? `SELECT * EXCEPT (a)` only drops a column. */
export function isSetOperator(nodes: readonly SqlNode[], index: number): boolean {
  if (isWord(nodes[index], "UNION")) return true;
  if (!isWord(nodes[index], "EXCEPT", "INTERSECT")) return false;
  const next = isWord(nodes[index + 1], "ALL", "DISTINCT") ? index + 2 : index + 1;
  return isWord(nodes[next], "SELECT", "WITH", "FROM") || isQuery(nodes[next]);
}

/** Is this a query in parentheses? */
export function isQuery(node: SqlNode | undefined): boolean {
  if (!isParentheses(node)) return false;
  const [first, second] = node.nodes;
  // A comma tells a column of that name: `(select, id)`.
  if (isWord(first, "SELECT", "WITH")) return second !== undefined && !isPunctuation(second, ",");
  if (isWord(first, "FROM")) return node.nodes.some((each) => isWord(each, "SELECT"));
  return isQuery(first) && (second === undefined || isWord(second, "UNION", "EXCEPT", "INTERSECT"));
}
