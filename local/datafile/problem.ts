/** What kind of rule a datafile breaks; `sql` and `template` problems are found when a node is read, not here. */
export type ProblemKind = "syntax" | "validation" | "value" | "template" | "template_mark" | "sql";

/** Why a datafile was refused: one problem a file, the first one found. */
export interface Problem {
  /** The path given with the source. */
  readonly path: string;
  /** 1-based line, or null when a rule about the whole file is broken. */
  readonly line: number | null;
  /** 1-based column within the line (0: the line as a whole), or null when only the line is known. */
  readonly pos: number | null;
  readonly message: string;
  /** What to write instead, or null. */
  readonly hint: string | null;
  readonly kind: ProblemKind;
}

/** A problem before the file's path is known. */
type ProblemDetails = Omit<Problem, "path">;

/** Carries a problem from the depth of a parser to the room's door, which turns it into a value. Never leaves the room. */
export class DatafileError extends Error {
  override readonly name = "DatafileError";
  readonly details: ProblemDetails;

  constructor(details: ProblemDetails) {
    super(details.message);
    this.details = details;
  }
}

/** The grammar is broken at a place. */
export function syntaxError(
  message: string,
  place: { readonly line: number; readonly pos: number },
  hint: string | null = null,
): DatafileError {
  return new DatafileError({ kind: "syntax", message, line: place.line, pos: place.pos, hint });
}

/** A rule about the whole file is broken. */
export function validationError(message: string): DatafileError {
  return new DatafileError({ kind: "validation", message, line: null, pos: null, hint: null });
}

/** A value is missing or cannot be read. */
export function valueError(message: string, line: number): DatafileError {
  return new DatafileError({ kind: "value", message, line, pos: null, hint: null });
}

/** A `{{ … }}` that cannot be filled in, or one where none can stand. */
export function templateError(
  message: string,
  line: number,
  kind: "template" | "template_mark" = "template",
): DatafileError {
  return new DatafileError({ kind, message, line, pos: null, hint: null });
}
