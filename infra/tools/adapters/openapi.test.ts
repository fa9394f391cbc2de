import { describe, expect, it } from 'vitest';
import { operationOf, requestFor } from './openapi.ts';

const document = (paths: object, more: object = {}) => ({
  ...{ openapi: '3.1.0', servers: [{ url: 'https://api.example/v1/' }], paths, ...more },
});
const query = (name: string, required = false) => ({ name, in: 'query', required, schema: {} });
const order = document(
  {
    '/shops/{shop}/orders': {
      parameters: [{ $ref: '#/components/parameters/shop' }],
      post: {
        operationId: 'order',
        parameters: [query('tag'), query('dry', true), { name: 'X-Trace', in: 'header' }],
        requestBody: { content: { 'application/json': {} } },
      },
      get: { operationId: 'orders' },
    },
  },
  { components: { parameters: { shop: { name: 'shop', in: 'path', required: true } } } },
);
const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string });

describe('an operation of an OpenAPI document', () => {
  it('sends each argument where its parameter is, and the others in the body', () => {
    const given = { shop: 'a/b c', tag: ['x', 'y'], dry: true, 'X-Trace': 't', item: { id: 7 }, skipped: undefined };
    expect(requestFor(operationOf(order, 'order'), given)).toEqual({
      ...{ method: 'POST', url: 'https://api.example/v1/shops/a%2Fb%20c/orders?tag=x&tag=y&dry=true' },
      ...{ headers: { 'X-Trace': 't', 'content-type': 'application/json' }, body: '{"item":{"id":7}}' },
    });
    expect(requestFor(operationOf(order, 'orders'), { shop: 1 })).toEqual({
      ...{ method: 'GET', url: 'https://api.example/v1/shops/1/orders', headers: {}, body: null },
    });
  });

  it.each([
    ['a missing parameter', { shop: 'a' }, /^dry: is missing/],
    ['a part that names another path', { shop: '..', dry: true }, /^shop: /],
    ['an empty part', { shop: '', dry: true }, /^shop: /],
    ['an object as a parameter', { shop: {}, dry: true }, /^shop: /],
    ['a list with an object', { shop: 'a', dry: true, tag: [{}] }, /^tag: /],
  ])('refuses %s', (_, given, message) => {
    expect(() => requestFor(operationOf(order, 'order'), given)).toThrow(refusal('TOOL_ARGUMENTS_INVALID', message));
  });

  it('refuses an argument without a place', () => {
    expect(() => requestFor(operationOf(order, 'orders'), { shop: 'a', more: 1 })).toThrow(
      refusal('TOOL_ARGUMENTS_INVALID', /^more: /),
    );
    const open = operationOf(document({ '/a/{b}': { get: { operationId: 'open' } } }), 'open');
    expect(() => requestFor(open, {})).toThrow(refusal('TOOL_ARGUMENTS_INVALID', /part/));
  });

  it.each([
    ['is no document', 'text', 'x', /config\.openapi/],
    ['is of another version', { ...order, openapi: '2.0' }, 'order', /config\.openapi/],
    ['has no such operation', order, 'none', /no operation none/],
    [
      'has a body of another type',
      document({ '/': { post: { operationId: 'x', requestBody: { content: { 'text/xml': {} } } } } }),
      'x',
      /application\/json/,
    ],
    [
      'takes a credential as an argument',
      document({ '/': { get: { operationId: 'x', parameters: [{ name: 'Authorization', in: 'header' }] } } }),
      'x',
      /Authorization/,
    ],
    [
      'refers to a parameter that is not there',
      document({ '/': { get: { operationId: 'x', parameters: [{ $ref: '#/components/parameters/no' }] } } }),
      'x',
      /no parameter no/,
    ],
  ])('is refused when the document %s', (_, openapi, id, message) => {
    expect(() => operationOf(openapi, id)).toThrow(refusal('TOOL_INVALID', message));
  });
});
