import { expect, it } from 'vitest';
import { schemaProblemsOf } from './schema-problems.ts';

const problemsOf = schemaProblemsOf();

it('names what does not fit, by the place in the value', () => {
  const schema = JSON.stringify({
    ...{ type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
  });
  expect(problemsOf(schema, { city: 'Cusco' })).toEqual([]);
  expect(problemsOf(schema, { city: 1, town: 'x' })).toEqual([
    'the value must NOT have additional properties: town',
    '/city must be string',
  ]);
  expect(problemsOf(schema, null)).toEqual(['the value must be object']);
});

it('refuses every value by a schema that is not used, and never throws', () => {
  expect(problemsOf('{"pattern":"(a+)+$"}', 'aaaa')[0]).toMatch(/^the schema is not used: /);
  expect(problemsOf('no JSON', {})).toEqual(['the schema is not JSON']);
  expect(problemsOf('[]', {})).toEqual(['the schema is not used: expected a JSON Schema object']);
});

it('keeps the checks of many schemas, and makes those that it forgot again', () => {
  const few = schemaProblemsOf(20);
  for (let n = 0; n < 50; n += 1) expect(few(JSON.stringify({ const: n }), n)).toEqual([]);
  expect(few('{"const":0}', 1)).toEqual(['the value must be equal to constant']);
});
