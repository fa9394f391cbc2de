import type { FastifyRequest } from 'fastify';
import type { App } from '../app-type.ts';
import { jsonExpected, problemOf } from './from-error.ts';
import { jsonFault } from './json-body.ts';
import { type FieldError, Problem } from './problem.ts';

/** Media type of a body with a JSON value a line. */
export const NDJSON = 'application/x-ndjson';

/** The values of a body, and the line of each, from 1. */
interface NdjsonBody {
  readonly items: readonly unknown[];
  readonly lines: readonly number[];
}

const linesOf = new WeakMap<FastifyRequest, readonly number[]>();

/** Returns true for a request whose body was NDJSON. */
export const isNdjson = (request: FastifyRequest): boolean => linesOf.has(request);

/** Returns the values of a body; empty lines are skipped. Throws what `parse` throws, or Problem REQUEST_MALFORMED with the line. */
export function ndjsonOf(body: string, parse: (text: string) => unknown): NdjsonBody {
  const items: unknown[] = [];
  const lines: number[] = [];
  for (const [at, line] of body.split('\n').entries()) {
    const text = line.trim();
    if (text === '') continue;
    try {
      items.push(parse(text));
    } catch (cause) {
      const fault = jsonFault(text);
      const where = fault === null ? 'it ends too early, or has a forbidden key' : `character ${fault + 1}`;
      throw new Problem('REQUEST_MALFORMED', `Line ${at + 1} is not valid JSON: ${where}`, { cause });
    }
    lines.push(at + 1);
  }
  return { items, lines };
}

type Query = Readonly<Record<string, unknown>>;

/** The NDJSON form of a body that a route takes as JSON as well. */
export interface NdjsonForm {
  /** JSON schema of the text, for the OpenAPI document. */
  readonly schema: object;
  /** Returns the body of the JSON form that has the same: its schema holds for both. */
  readonly bodyOf: (query: Query, items: readonly unknown[]) => object;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The NDJSON form of the body; without it the route takes JSON alone. */
    ndjson?: NdjsonForm;
  }
}

/** Parses bodies of NDJSON on the routes that take them; any other answers 415. */
export function parseNdjson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser(NDJSON, { parseAs: 'string' }, (request, body, done) => {
    const form = request.routeOptions.config.ndjson;
    if (form === undefined) return done(jsonExpected());
    const jsonOf = (text: string): unknown => {
      let parsed: { readonly error: Error | null; readonly value: unknown } | null = null;
      void parse(request, text, (error, value) => {
        parsed = { error, value };
      });
      const { error, value } = parsed ?? { error: new Error('the parser gave nothing'), value: null };
      if (error !== null) throw error;
      return value;
    };
    try {
      const { items, lines } = ndjsonOf(String(body), jsonOf);
      linesOf.set(request, lines);
      return done(null, form.bodyOf(request.query as Query, items));
    } catch (error) {
      return done(error as Error);
    }
  });
}

const ITEM = /^#\/items\/(\d+)/;

function lineError(error: FieldError, lines: readonly number[]): FieldError {
  const { pointer, detail } = error;
  const nth = ITEM.exec(pointer)?.[1];
  // Fields beside the items are in the query.
  if (nth === undefined) return pointer.startsWith('#/items') ? error : { ...error, in: 'query' };
  const own = `#${pointer.slice(`#/items/${nth}`.length)}`;
  return { in: 'body', pointer: own, detail: `Line ${lines[Number(nth)]}: ${detail.replace(`items/${nth}/`, '')}` };
}

/** Returns an error of a request as one that names the lines of its body, when that was NDJSON. */
export function namingLines(error: Error, request: FastifyRequest): Error {
  const lines = linesOf.get(request);
  if (lines === undefined) return error;
  const problem = problemOf(error, request.routeOptions.bodyLimit);
  const errors = problem.options.errors?.map((each) => lineError(each, lines));
  if (errors === undefined || errors.length === 0) return error;
  const named = errors.map(({ pointer, in: part, detail }) => `${pointer} (${part}): ${detail}`).join('; ');
  return new Problem(problem.code, named, { ...problem.options, errors });
}
