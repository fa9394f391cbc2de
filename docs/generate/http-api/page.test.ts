import { describe, expect, it } from 'vitest';
import { problemCatalogue } from '../../../gateways/shared/problems/catalogue.ts';
import { openApiDocument } from '../openapi/document.ts';
import { operationsOf } from '../openapi/operations.ts';
import { boundsOf, fieldRow, fieldsOf, typeOf } from './fields.ts';
import { httpApiPage, readProse } from './page.ts';

const document = await openApiDocument();
const page = httpApiPage(document);
const operations = operationsOf(document);
const routes = operations.map(({ method, path }) => `${method} ${path}`);
const sectionOf = (title: string): string => page.split(/^### /m).find((text) => text.startsWith(title)) ?? '';

describe('the page of the HTTP API', () => {
  it.each(routes)('documents %s with an example and its answers', (route) => {
    const section = sectionOf(`\`${route}\``);
    expect(section).toMatch(/```sh\n[\s\S]*curl [\s\S]*\n```/);
    expect(section).toMatch(/\| Status \| Answer \|/);
  });

  it('documents only existing routes', () => {
    const documented = [...page.matchAll(/^### `([A-Z]+ \/[^`]+)`/gm)].map(([, route]) => route);
    expect(documented.sort()).toEqual(routes.toSorted());
    expect(routes.length).toBeGreaterThanOrEqual(40);
  });

  it('links only existing codes', () => {
    const codes = [...page.matchAll(/errors\.md#([A-Z_]+)/g)].map(([, code = '']) => code);
    expect(new Set(codes).size).toBeGreaterThan(40);
    expect(codes.filter((code) => !(code in problemCatalogue))).toEqual([]);
  });

  it('lists a shared problem once, and a problem of an operation in its section', () => {
    expect(page.match(/errors\.md#UNAUTHENTICATED/g)).toHaveLength(1);
    expect(sectionOf('`POST /v1/sessions/start`')).toMatch(/\| 410 \| \[`SESSION_EXPIRED`\]/);
  });

  it('links only shapes on the page', () => {
    for (const [, anchor = ''] of page.matchAll(/\]\(#([a-z]+)\)/g))
      expect(page.toLowerCase()).toContain(`\n### ${anchor}\n`);
  });

  it('uses all of the prose', () => {
    const names = ['common', ...document.tags.map(({ name }) => name), ...operations.map((each) => each.operationId)];
    expect([...readProse().keys()].filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('a field', () => {
  it('has its type in words', () => {
    expect(typeOf({ $ref: '#/components/schemas/Decision' })).toBe('[Decision](#decision)');
    expect(typeOf({ anyOf: [{ type: 'string' }, { type: 'null' }] })).toBe('string or null');
    expect(typeOf({ type: 'array', items: { enum: ['a', 'b'] } })).toBe('list of `a`, `b`');
    expect(typeOf({ type: 'object', properties: { a: {}, b: {} }, required: ['a'] })).toBe('`{a, b?}`');
    expect(typeOf({ type: 'object', additionalProperties: { type: 'string' } })).toBe('object of string');
    expect(typeOf({ type: ['string', 'null'] })).toBe('string or null');
    expect(typeOf({})).toBe('any JSON');
  });

  it('has its bounds in words, without bounds that limit nothing', () => {
    expect(boundsOf({ type: 'string', minLength: 1, maxLength: 100_000 })).toEqual(['1 to 100,000 characters']);
    expect(boundsOf({ type: 'array', maxItems: 16 })).toEqual(['at most 16 items']);
    expect(boundsOf({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, default: 5 })).toEqual([
      'at least 1',
      'default `5`',
    ]);
    expect(boundsOf({ type: 'string', format: 'uuid', pattern: '^.*$' })).toEqual([]);
  });

  it('is one row for any text', () => {
    const schema = { type: 'string', pattern: 'a|b', description: 'One\nor two' };
    expect(fieldRow({ name: 'f', schema, isRequired: true })).toBe(
      '| `f` | string, `a\\|b` | **required**: One or two |',
    );
  });

  it('of one kind of a union names the kind', () => {
    const kinds = {
      oneOf: [
        { properties: { action: { const: 'engage' }, mode: { type: 'string' } }, required: ['action'] },
        { properties: { action: { const: 'release' } }, required: ['action'] },
      ],
    };
    expect(fieldsOf(kinds)).toEqual([
      { name: 'action', schema: { enum: ['engage', 'release'] }, isRequired: true },
      { name: 'mode', schema: { type: 'string' }, isRequired: false, of: '`engage`' },
    ]);
  });
});
