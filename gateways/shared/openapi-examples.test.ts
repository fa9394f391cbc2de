import { expect, it } from 'vitest';
import { withExamples } from './openapi-examples.ts';

const body = (schema: object) => ({ content: { 'application/json': { schema } } });

/** Returns the example that an answer gets. */
function exampleOf(schema: object, schemas: Readonly<Record<string, unknown>> = {}): unknown {
  const document = { paths: { '/x': { get: { responses: { 200: body(schema) } } } }, components: { schemas } };
  const { get } = (withExamples(document).paths as typeof document.paths)['/x'];
  return (get.responses[200].content['application/json'] as { example?: unknown }).example;
}

const fields = (properties: object) => ({ type: 'object', properties });

it('the example of a schema comes first, then that of its fields, then the sample of a name', () => {
  expect(exampleOf({ ...fields({}), examples: [{ own: 1 }] })).toEqual({ own: 1 });
  const schema = fields({ persona: { type: 'string', examples: ['teacher'] }, score: { type: 'number' } });
  expect(exampleOf(schema)).toEqual({ persona: 'teacher', score: 0.97 });
});

it('a value fits the type of the field: the prompt of usage is a number', () => {
  expect(exampleOf(fields({ prompt: { type: 'integer' } }))).toEqual({ prompt: 40 });
  expect(exampleOf(fields({ next_cursor: { anyOf: [{ type: 'string' }, { type: 'null' }] } }))).toEqual({
    next_cursor: null,
  });
});

it('constants, lists of values, references and lists are followed', () => {
  const schema = fields({
    object: { const: 'list' },
    status: { type: 'string', enum: ['started', 'refused'] },
    items: { type: 'array', items: { $ref: '#/components/schemas/Item' } },
  });
  expect(exampleOf(schema, { Item: fields({ role: { type: 'string', enum: ['reader'] } }) })).toEqual({
    ...{ object: 'list', status: 'started', items: [{ role: 'reader' }] },
  });
});

it('a body with a field that has no value gets no example', () => {
  expect(exampleOf(fields({ unheard_of: { type: 'string' } }))).toBeUndefined();
});

it('a problem gets none', () => {
  const problem = { content: { 'application/problem+json': { schema: fields({}) } } };
  const document = { paths: { '/x': { get: { responses: { 400: problem } } } } };
  expect(withExamples(document).paths).toEqual(document.paths);
});
