import { isName, isPunctuation, isWord, type SqlNode } from "./sql-tree.ts";

/**
 * ClickHouse reserves next to nothing: `SELECT from FROM t` is fine. A word is a keyword by where it stands: behind a
 * complete operand it continues the statement, where an operand is due it is a name.
 */

/** Words that ClickHouse does not take for an alias without AS, and which ask for another operand. */
const CONTINUING: ReadonlySet<string> = new Set(
  (
    "ALL AND ANTI ANY ARRAY AS ASOF BETWEEN CROSS DIV ELSE EXCEPT FORMAT FROM FULL GLOBAL GROUP HAVING ILIKE IN INNER " +
    "INTERSECT INTO IS JOIN LEFT LIKE LIMIT MOD NATURAL NOT OFFSET ON ONLY OR ORDER OVER PARALLEL PASTE PREWHERE " +
    "QUALIFY REGEXP RIGHT SAMPLE SELECT SEMI SETTINGS THEN UNION USING WHEN WHERE WINDOW WITH"
  ).split(" "),
);

/** Words that leave a table complete. */
const TRAILING: ReadonlySet<string> = new Set(["FINAL", "STREAM", "UUID"]);

/** What may stand right behind a keyword and is then part of it. */
const FOLLOWERS: Readonly<Record<string, readonly string[]>> = {
  SELECT: ["DISTINCT", "ALL", "TOP"],
  WITH: ["RECURSIVE", "FILL", "TOTALS", "ROLLUP", "CUBE", "TIES"],
  GROUP: ["BY"],
  ORDER: ["BY"],
  INTO: ["OUTFILE"],
  PARALLEL: ["WITH"],
  IS: ["NOT", "DISTINCT"],
  NOT: ["IN", "LIKE", "ILIKE", "BETWEEN", "DISTINCT"],
  GLOBAL: ["IN", "NOT"],
  UNION: ["ALL", "DISTINCT"],
  EXCEPT: ["ALL", "DISTINCT"],
  INTERSECT: ["ALL", "DISTINCT"],
};

const JOIN_WORDS = "GLOBAL LOCAL NATURAL ANY ALL ASOF SEMI ANTI ONLY INNER LEFT RIGHT FULL OUTER CROSS PASTE ARRAY".split(" ");
const SET_OPERATORS: ReadonlySet<string> = new Set(["UNION", "EXCEPT", "INTERSECT"]);

/** Words that keep a FROM before them from being a clause: `CASE WHEN from THEN 1`. */
const NOT_A_TABLE: ReadonlySet<string> = new Set([...CONTINUING, "END", "ASC", "DESC"]);

/** Where in a statement a list of nodes begins: before it, behind its FROM, or inside an expression. */
export type Section = "start" | "from" | "expression";

interface State {
  section: Section | "with" | "select" | "rest";
  /** An operand has just ended. */
  complete: boolean;
  /** The keyword right before, in capitals. */
  keyword: string | null;
  /** The keyword before that one, when nothing stood between them. */
  keywordBefore: string | null;
}

/** The indexes of the words that are keywords, with their text in capitals. */
export type Keywords = ReadonlyMap<number, string>;

/** Tells keywords from names in one list of nodes; groups are lists of their own. */
export function markKeywords(nodes: readonly SqlNode[], section: Section): Keywords {
  const marks = new Map<number, string>();
  const state: State = { section, complete: false, keyword: null, keywordBefore: null };
  nodes.forEach((node, index) => {
    const keyword = node.kind === "word" ? keywordAt(nodes, index, state) : null;
    if (keyword !== null) marks.set(index, keyword);
    advance(state, node, keyword);
  });
  return marks;
}

function advance(state: State, node: SqlNode, keyword: string | null): void {
  state.keywordBefore = keyword === null ? null : state.keyword;
  state.keyword = keyword;
  if (keyword !== null) {
    state.complete = TRAILING.has(keyword);
    state.section = sectionAfter(state, keyword);
  } else if (node.kind === "punctuation") {
    // A star is an operand (`SELECT *`) where one is due, else a product.
    state.complete = node.text === "*" && !state.complete;
  } else state.complete = true;
}

function sectionAfter(state: State, keyword: string): State["section"] {
  const { section } = state;
  if (section === "expression") return section;
  if (keyword === "SELECT") return "select";
  if (keyword === "FROM") return "from";
  if (keyword === "WITH") return section === "start" ? "with" : section;
  if (SET_OPERATORS.has(keyword)) return "start";
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
  if (TRAILING.has(text)) return state.section === "from";
  // `SELECT * EXCEPT (a)` drops columns; only a query makes it a set operation. Both ask for an operand.
  if (text === "SELECT") return state.section === "with" || state.section === "from" || state.section === "start";
  if (text === "FROM") return !isName(nodes[index - 1]) || !isFill(nodes, index, state);
  return CONTINUING.has(text);
}

/** `ORDER BY a WITH FILL FROM 1`. */
function isFill(nodes: readonly SqlNode[], index: number, state: State): boolean {
  return state.section === "rest" && isWord(nodes[index - 1], "FILL") && isWord(nodes[index - 2], "WITH");
}

function follows(nodes: readonly SqlNode[], index: number, text: string, state: State): boolean {
  const { keyword } = state;
  if (keyword === null) return false;
  if (text === "RECURSIVE" && isWord(nodes[index + 1], "AS")) return false;
  if (FOLLOWERS[keyword]?.includes(text)) return true;
  return JOIN_WORDS.includes(keyword) && (text === "JOIN" || JOIN_WORDS.includes(text));
}

/** Keywords where an operand is due. */
function opens(nodes: readonly SqlNode[], index: number, text: string, state: State): boolean {
  const { section, keyword, keywordBefore } = state;
  if (text === "NOT") return true;
  if (text === "SELECT" || text === "WITH") {
    const afterSet = keyword !== null && (SET_OPERATORS.has(keyword) || SET_OPERATORS.has(keywordBefore ?? ""));
    return section === "start" || afterSet || (section === "with" && text === "SELECT");
  }
  if (text !== "FROM" || section === "expression" || section === "from") return false;
  if (keyword === "DISTINCT" && (keywordBefore === "IS" || keywordBefore === "NOT")) return false;
  if (section === "start") return true;
  return beginsTable(nodes, index);
}

/** Is a FROM, where an operand is due, the clause and no column? So in `SELECT a, FROM t`, and not in `SELECT a, from FROM t`. */
function beginsTable(nodes: readonly SqlNode[], from: number): boolean {
  const next = nodes[from + 1];
  if (next?.kind === "group") return isPunctuation(nodes[from - 1], ",");
  if (next?.kind === "word") return !NOT_A_TABLE.has(next.text.toUpperCase());
  return next?.kind === "quoted" || next?.kind === "string" || next?.kind === "parameter";
}
