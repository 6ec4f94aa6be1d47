import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TinybirdError } from "../errors.ts";
import { isTemplate, parseTemplate, renderTemplate, templateParameters, templateTables } from "./index.ts";

const RUNS = Number(process.env.FUZZ_RUNS ?? 2_000);

/** Milliseconds for which one template may hold the event loop, with room for a busy machine. */
const MAX_MILLISECONDS = 5_000;

const PIECES =
  `{{ }} {% %} {# #} {{! if elif else end for while try except finally set break continue comment whitespace
import in not and or is None True False lambda x y a.b a[0] a['k'] [1:2] ( ) [ ] { } , : . = == != < > + - * / // % ** 'a'
"b" '''c''' f'{x}' b'x' 1 -1 1.5 1e400 0x1F 9999999999999999999999 String( Int32( Array( column( columns( defined( JSON(
sql_and( error( custom_error( tb_secret( table( symbol( max_threads( day_diff( split_to_array( enumerate_with_last(
.split(',') .append(x) .join(x) .get('k') .format( __class__ range( len( list( dict( sorted( map( default= description=
default=1, x= __in= ** * := @ ; \\ é 😀 \u2028`
    .split(/[ \n]/)
    .concat([" ", "\n", "\t"]);

const templates = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 20 }).map((pieces) => `%${pieces.join(" ")}`),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => `%{{${pieces.join("")}}}`),
  fc
    .array(fc.constantFrom(...PIECES), { maxLength: 12 })
    .map((pieces) => `%{% set z = ${pieces.join(" ")} %}{{z}}`),
  fc
    .array(fc.constantFrom(...PIECES), { maxLength: 12 })
    .map((pieces) => `%{% if ${pieces.join(" ")} %}1{% end %}`),
  fc.string({ unit: "binary" }).map((text) => `%${text}`),
);

const params = fc.dictionary(fc.constantFrom("x", "y", "a", "length"), fc.oneof(fc.string(), fc.jsonValue()));

/** What some work on hostile text throws, unless it is the one error that callers are told of; and it must end. */
function strangeness(work: () => unknown): unknown {
  const start = performance.now();
  try {
    work();
  } catch (error) {
    if (!(error instanceof TinybirdError)) return error;
  }
  const took = performance.now() - start;
  return took > MAX_MILLISECONDS ? `took ${took} ms` : null;
}

describe("any text at all", () => {
  it("is a template or is refused, and renders or is refused", () => {
    fc.assert(
      fc.property(templates, params, fc.boolean(), (text, values, check) => {
        const work = () => {
          const template = parseTemplate(text);
          templateTables(template);
          templateParameters(template);
          const { sql } = renderTemplate(template, { params: values, check });
          expect(typeof sql).toBe("string");
        };
        expect(isTemplate(text)).toBe(true);
        expect(strangeness(work)).toBeNull();
      }),
      { numRuns: RUNS },
    );
  });

  it("renders the same twice", () => {
    fc.assert(
      fc.property(templates, params, (text, values) => {
        const render = () =>
          renderTemplate(parseTemplate(text), { params: values, now: () => new Date(0) }).sql;
        let first: string | undefined;
        expect(strangeness(() => (first = render()))).toBeNull();
        if (first !== undefined) expect(render()).toBe(first);
      }),
      { numRuns: RUNS / 4 },
    );
  });
});
