import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import type { ApiDocument, ApiOperation } from './document.ts';

type Responses = ApiOperation['responses'];

const mapValues = <From, To>(of: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, map(value)]));

/** Returns the responses with one problem, as `default`: all problems have the same schema. */
function withOneProblem(responses: Responses): Responses {
  const isProblem = ({ content = {} }: Responses[string]): boolean => 'application/problem+json' in content;
  const kept = Object.entries(responses).filter(([, response]) => !isProblem(response));
  const problem = Object.values(responses).find(isProblem);
  return { ...Object.fromEntries(kept), ...(problem && { default: { ...problem, description: 'A problem' } }) };
}

type Content = NonNullable<Responses[string]['content']>;

/** Returns the content that the client sends: JSON, where an operation takes it. */
const sentContent = (content: Content): Content => {
  const { 'application/json': json } = content;
  return json === undefined ? content : { 'application/json': json };
};

/** Returns the content without its examples, which would be long comments of the types. */
const withoutExamples = (content: Content): Content => mapValues(content, ({ schema }) => ({ schema }));

/** Resolves with `infra/client/generated/api.ts`: the TypeScript types of the OpenAPI document. */
export async function clientTypes(document: ApiDocument): Promise<string> {
  const paths = mapValues(document.paths, (methods) =>
    mapValues(methods, ({ requestBody, responses, ...operation }) => ({
      ...operation,
      ...(requestBody && {
        requestBody: { ...requestBody, content: withoutExamples(sentContent(requestBody.content)) },
      }),
      responses: mapValues(withOneProblem(responses), ({ content, ...response }) => ({
        ...response,
        ...(content && { content: withoutExamples(content) }),
      })),
    })),
  );
  // A request may omit a field with a default; answers declare such fields as required.
  const types = await openapiTS({ ...document, paths } as unknown as OpenAPI3, { defaultNonNullable: false });
  return `/** Generated from docs/reference/openapi.json by \`npm run docs:pages\`. Do not edit. */\n${astToString(types)}`;
}
