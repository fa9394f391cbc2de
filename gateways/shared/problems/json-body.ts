import type { App } from '../app-type.ts';
import { Problem } from './problem.ts';

/** Returns what `JSON.parse` reports of a text; null for JSON. */
function faultOf(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Returns true when a text is JSON, or begins like it: its only fault may be that it ends. */
function beginsLikeJson(text: string): boolean {
  const fault = faultOf(text);
  if (fault === null || fault.startsWith('Unexpected end')) return true;
  return Number(/at position (\d+)/.exec(fault)?.[1]) >= text.length;
}

/**
 * Returns the offset of the first character that cannot be part of JSON; null when the text only ends too early. Tries at
 * most 20 prefixes of a text of 256 KB.
 */
export function jsonFault(text: string): number | null {
  if (beginsLikeJson(text)) return null;
  let [well, ill] = [0, text.length];
  while (ill - well > 1) {
    const middle = Math.floor((well + ill) / 2);
    if (beginsLikeJson(text.slice(0, middle))) well = middle;
    else ill = middle;
  }
  return well;
}

/** Longest text whose fault is looked for: each of twenty looks parses a part of it. */
const LOOKED_AT_CHARS_MAX = 1024 * 1024;

/** Returns the problem of a body that is not JSON, with the line and the column of its fault, from 1. */
export function malformedJson(text: string): Problem {
  if (text.length > LOOKED_AT_CHARS_MAX) return new Problem('REQUEST_MALFORMED', 'The body is not valid JSON');
  const fault = jsonFault(text);
  if (fault === null) return new Problem('REQUEST_MALFORMED', 'The body is not valid JSON: it ends too early');
  const lines = text.slice(0, fault).split('\n');
  const column = (lines.at(-1)?.length ?? 0) + 1;
  return new Problem('REQUEST_MALFORMED', `The body is not valid JSON at line ${lines.length}, column ${column}`);
}

/** Parses JSON bodies like Fastify, but names the position of a fault. */
export function parseJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body);
    void parse(request, text, (error, value) => {
      const code = (error as { readonly code?: string } | null)?.code;
      // Fastify also refuses JSON with a poisoned prototype.
      if (code !== 'FST_ERR_CTP_INVALID_JSON_BODY' || faultOf(text) === null) return done(error, value);
      return done(malformedJson(text));
    });
  });
}
