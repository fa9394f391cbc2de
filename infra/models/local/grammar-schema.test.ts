import { expect, it } from 'vitest';
import { unsupportedIn } from './grammar-schema.ts';

const deep = (levels: number): unknown =>
  levels === 0 ? { type: 'null' } : { type: 'array', items: deep(levels - 1) };

it.each([
  { type: 'object', properties: { knots: { type: 'integer' } }, required: ['knots'], additionalProperties: false },
  { anyOf: [{ const: 1 }, { enum: ['a', 'b'] }, { type: ['string', 'null'], maxLength: 9 }] },
  {
    type: 'array',
    prefixItems: [{ type: 'string', format: 'date' }],
    items: { $ref: '#/$defs/cord' },
    $defs: { cord: {} },
  },
  deep(60),
])('%j can be held to by a grammar', (schema) => expect(unsupportedIn(schema)).toBeNull());

it.each([
  [{ type: 'no such type' }, '#/type'],
  [{ type: ['string', 'text'] }, '#/type'],
  [{ allOf: [{ type: 'string' }] }, '#/allOf'],
  [{ properties: { dye: { type: 'string', pattern: '^#' } } }, '#/properties/dye/pattern'],
  [{ items: { type: 'string', format: 'email' } }, '#/items/format'],
  [{ $ref: '#/$defs/none' }, '#/$ref'],
  [{ $ref: '#/$defs/toString' }, '#/$ref'],
  [{ $ref: 'https://example.com/cord.json' }, '#/$ref'],
  [{ properties: 5 }, '#/properties'],
  [{ oneOf: {} }, '#/oneOf'],
  [{ anyOf: [true] }, '#/anyOf/0'],
  [{ $defs: { cord: { not: {} } } }, '#/$defs/cord/not'],
  ['text', '#'],
  [deep(70), 'nested deeper than 64'],
])('%j cannot, and the place is named', (schema, place) => expect(unsupportedIn(schema)).toContain(place));
