import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../../../tests/checks/files.ts';
import { clientTypes } from './client-types.ts';
import { type ApiDocument, type ApiSchema, openApiDocument } from './document.ts';
import { operationSpecs } from './operation-specs.ts';
import { operationsOf } from './operations.ts';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

test('the OpenAPI document and the client types in the tree match the routes', async () => {
  const document = await openApiDocument();
  expect(JSON.parse(read('docs/reference/openapi.json'))).toEqual(document);
  expect(read('infra/client/generated/api.ts')).toBe(await clientTypes(document));
  expect(read('infra/client/generated/operations.ts')).toBe(operationSpecs(document));
});

test('every response has a description of its own', async () => {
  const responses = operationsOf(await openApiDocument()).flatMap(({ operationId, responses }) =>
    Object.entries(responses).map(([status, { description }]) => [`${operationId} ${status}`, description] as const),
  );
  expect(responses.length).toBeGreaterThan(100);
  expect(responses.filter(([, description]) => description === 'Default Response' || description === '')).toEqual([]);
});

interface Shown {
  readonly where: string;
  readonly schema: ApiSchema;
  readonly example: unknown;
}

/** Returns the JSON bodies of requests and successes, with their examples: of the media type, else of the schema. */
function shownBodies(document: ApiDocument): readonly Shown[] {
  return operationsOf(document).flatMap(({ operationId, requestBody, responses }) => {
    const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    const all = [
      ['request', requestBody?.content] as const,
      ...successes.map(([s, { content }]) => [s, content] as const),
    ];
    return all.flatMap(([what, content]) => {
      const json = content?.['application/json'];
      if (json === undefined) return [];
      return [{ where: `${operationId} ${what}`, schema: json.schema, example: json.example }];
    });
  });
}

test('every operation has an example of its body and of its answers', async () => {
  const bodies = shownBodies(await openApiDocument());
  expect(bodies.length).toBeGreaterThan(90);
  // A missing one: give the field an example in its schema, or a value in gateways/shared/openapi-samples.ts.
  expect(bodies.filter(({ example }) => example === undefined).map(({ where }) => where)).toEqual([]);
});

test('every example is valid', async () => {
  const document = await openApiDocument();
  const inDefs = (value: unknown): object =>
    JSON.parse(JSON.stringify(value).replaceAll('#/components/schemas/', '#/$defs/')) as object;
  const $defs = inDefs(document.components.schemas);
  const problems = shownBodies(document).flatMap(({ where, schema, example }) => {
    const { success, error } = z.fromJSONSchema({ ...inDefs(schema), $defs } as never).safeParse(example);
    return success ? [] : [`${where}: ${JSON.stringify(error.issues)}`];
  });
  expect(problems).toEqual([]);
});

test('the problems of an operation are one default response in the types', async () => {
  const problem = { description: '`A`: a', content: { 'application/problem+json': { schema: { type: 'string' } } } };
  const operation = {
    operationId: 'ask',
    summary: 'Ask',
    tags: [],
    responses: { 200: { description: 'It is done' }, 403: problem, 503: problem },
  };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Khipu', version: '1' },
    tags: [],
    paths: { '/ask': { post: operation } },
    components: { schemas: {} },
  } satisfies ApiDocument & { info: object };
  const types = await clientTypes(document);
  expect(types.match(/application\/problem\+json/g)).toHaveLength(1);
  expect(types).toMatch(/200: \{[\s\S]*default: \{/);
  expect(types).not.toContain('403:');
});
