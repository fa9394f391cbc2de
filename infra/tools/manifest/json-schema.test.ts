import { describe, expect, it } from 'vitest';
import { checkOf, SCHEMA_BYTES_MAX, SCHEMA_DEPTH_MAX, SCHEMA_NODES_MAX, schemaProblem } from './json-schema.ts';

const good = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    city: { type: 'string', pattern: '^[a-z]{1,40}$', format: 'hostname' },
    // Names of fields are no keywords.
    pattern: { const: { $ref: 'https://elsewhere.example' } },
    near: { $ref: '#/$defs/place' },
    far: { $ref: '#/$defs/place' },
  },
  patternProperties: { '^x-[a-z]{1,8}$': { type: 'string' } },
  $defs: { place: { type: 'object', properties: { at: { $ref: '#/$defs/point' } } }, point: { type: 'number' } },
  examples: [{ $id: 'data' }],
};

const deep = (depth: number): object => (depth === 0 ? {} : { not: deep(depth - 1) });
const wide = (parts: number): object => ({ anyOf: Array.from({ length: parts }, () => ({})) });

describe('a schema of a tool', () => {
  it('may refer to its own parts, and use patterns whose time is linear', () => {
    expect(schemaProblem(good)).toBeNull();
    expect(schemaProblem({})).toBeNull();
  });

  it.each([
    ['no object', true, 'expected a JSON Schema object'],
    ['a list', [], 'expected a JSON Schema object'],
    ['too many bytes', { description: 'x'.repeat(SCHEMA_BYTES_MAX) }, 'bytes'],
    ['too many parts', wide(SCHEMA_NODES_MAX), 'parts'],
    ['too deep nesting', deep(SCHEMA_DEPTH_MAX + 1), 'deep'],
    ['another dialect', { $schema: 'http://json-schema.org/draft-07/schema#' }, '#/$schema'],
    ['a dialect of a part', { not: { $schema: good.$schema } }, '#/not/$schema'],
    ['a reference to another document', { $ref: 'https://elsewhere.example/schema.json' }, 'local reference'],
    ['a name', { properties: { a: { $id: 'https://elsewhere.example' } } }, '#/properties/a/$id: keyword not allowed'],
    ['a dynamic reference', { $dynamicRef: '#a' }, 'keyword not allowed'],
    ['a comparison of all pairs', { uniqueItems: true }, 'keyword not allowed'],
    ['a pattern that backtracks', { pattern: '(a+)+$' }, '#/pattern: pattern not allowed'],
    ['a pattern of names that backtracks', { patternProperties: { '^.*a.*$': {} } }, 'pattern not allowed'],
    ['no text as a pattern', { pattern: 7 }, 'expected a text'],
    ['a missing part', { $ref: '#/$defs/none' }, 'none'],
    ['an unknown type', { type: 'knot' }, 'type'],
  ])('is refused with %s', (_, schema, reason) => {
    expect(schemaProblem(schema)).toContain(reason);
  });

  it.each([
    ['itself', { properties: { child: { $ref: '#' } } }],
    ['a part around it', { $ref: '#/$defs/a', $defs: { a: { items: { $ref: '#/$defs/a' } } } }],
    [
      'a part by way of another',
      { $ref: '#/$defs/a', $defs: { a: { not: { $ref: '#/$defs/b' } }, b: { not: { $ref: '#/$defs/a' } } } },
    ],
  ])('is refused when it refers to %s', (_, schema) => {
    expect(schemaProblem(schema)).toContain('leads back');
  });

  it('checks values, with the path of each that does not fit', () => {
    const check = checkOf(good);
    expect(check({ city: 'cusco', near: { at: 1 } })).toEqual([]);
    expect(check({ near: { at: 'no number' }, city: 7 }).map(({ instancePath }) => instancePath)).toEqual([
      ...['/city', '/near/at'],
    ]);
  });
});
