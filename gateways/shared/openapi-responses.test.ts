import { expect, it } from 'vitest';
import type { CommandName } from './log/command-appender.ts';
import { withResponses } from './openapi-responses.ts';

type Transform = Parameters<typeof withResponses>[0];

/** Returns the responses of a route in the document. */
function responsesOf(
  response: Readonly<Record<number, object>>,
  config: { readonly appends?: readonly CommandName[]; readonly answerHeaders?: object } = {},
) {
  const transform = (() => ({ schema: { response }, url: '/x' })) as unknown as Transform;
  const document = { url: '/x', route: { config } } as unknown as Parameters<Transform>[0];
  return (withResponses(transform)(document).schema as { readonly response: Readonly<Record<number, object>> })
    .response;
}
const body = { $ref: '#/components/schemas/Note' };

it('a response gets the text of its status; a command’s says that it is an outcome', () => {
  const [query, command] = [responsesOf({ 200: body }), responsesOf({ 200: body }, { appends: ['InferText'] })];
  expect(query).toEqual({ 200: { ...body, description: 'The request succeeded' } });
  expect(command).toEqual({ 200: { ...body, description: 'The outcome of the command' } });
});

it('a text does not describe the schema itself', () => {
  const schema = { type: 'object' };
  expect(responsesOf({ 201: schema })).toEqual({ 201: { ...schema, 'x-response-description': 'Created' } });
});

it('a description of its own stays', () => {
  const removed = { type: 'null', description: 'Removed' };
  expect(responsesOf({ 204: removed })).toEqual({ 204: removed });
});

it('a status without a text is an error', () => {
  expect(() => responsesOf({ 203: body })).toThrow('/x: the response 203 has no description');
});

it('the headers of a status are described, unless the route has no such response', () => {
  const answerHeaders = { 200: { etag: { description: 'Version' } }, 201: { location: { description: 'URL' } } };
  const described = responsesOf({ 200: body }, { answerHeaders });
  expect(described[200]).toMatchObject({ headers: { etag: { type: 'string', description: 'Version' } } });
  expect(Object.keys(described)).toEqual(['200']);
});
