import { expect, test } from 'vitest';
import { referredComponents } from './openapi-components.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

test('only schemas that operations refer to are kept, with the plain name when only one side uses them', () => {
  const document = {
    openapi: '3.1.0',
    paths: { '/a': { post: { body: ref('AskInput'), answer: ref('Answer') } } },
    components: {
      securitySchemes: { key: {} },
      schemas: {
        Ask: { title: 'unused' },
        AskInput: { properties: { limits: ref('LimitsInput') } },
        Answer: { properties: { limits: ref('Limits') } },
        AnswerInput: { title: 'unused' },
        Limits: { required: ['max'] },
        LimitsInput: {},
      },
    },
  };
  expect(referredComponents(document)).toEqual({
    openapi: '3.1.0',
    paths: { '/a': { post: { body: ref('Ask'), answer: ref('Answer') } } },
    components: {
      securitySchemes: { key: {} },
      schemas: {
        Ask: { properties: { limits: ref('LimitsInput') } },
        Answer: { properties: { limits: ref('Limits') } },
        Limits: { required: ['max'] },
        LimitsInput: {},
      },
    },
  });
});

test('a schema whose own name ends with Input keeps its name', () => {
  const document = { paths: { '/a': ref('UserInput') }, components: { schemas: { UserInput: {} } } };
  expect(referredComponents(document)).toEqual(document);
});

test('schemas are ordered by their names, whatever the order of their modules', () => {
  const document = { paths: { '/a': [ref('Zeta'), ref('Alpha')] }, components: { schemas: { Zeta: {}, Alpha: {} } } };
  expect(Object.keys(referredComponents(document).components.schemas)).toEqual(['Alpha', 'Zeta']);
});
