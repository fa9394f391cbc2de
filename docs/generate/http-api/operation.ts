import type { ApiDocument, ApiResponse } from '../openapi/document.ts';
import { bodyOf, type Operation, resolved } from '../openapi/operations.ts';
import { fieldRow, fieldsOf, shapeOf, typeOf } from './fields.ts';
import { type CommonProblems, problemRows } from './problems.ts';

const sentence = (text: string): string => (/[.!?:|]$/.test(text) ? text : `${text}.`);

function credentialsOf({ security = [] }: Operation): string {
  const accepts = (scheme: string): boolean => security.some((schemes) => scheme in schemes);
  if (accepts('stream_ticket')) return 'API key, session token or stream ticket';
  if (accepts('api_key') && accepts('session_token')) return 'API key or session token';
  if (accepts('api_key')) return 'API key';
  return accepts('session_token') ? 'session token' : 'none';
}

/** Returns the usual spelling of a header's name: `Last-Event-ID` for `last-event-id`. */
const headerName = (name: string): string =>
  name === 'etag' ? 'ETag' : name.replace(/\bid\b|\b[a-z]/g, (start) => start.toUpperCase());

const table = (head: string, rows: readonly string[]): readonly string[] =>
  rows.length === 0 ? [] : ['', head, head.replace(/[^|]+/g, '---'), ...rows];

/** Returns the body of an answer in words: its schema with the names of its fields; the media type when it is not JSON. */
function bodyText(document: ApiDocument, content: ApiResponse['content'] = {}): string {
  const [[type, { schema }] = ['', { schema: undefined }]] = Object.entries(content);
  if (schema === undefined) return '';
  if (type !== 'application/json') return `\`${type}\``;
  const whole = resolved(document, schema);
  return whole === schema ? typeOf(schema) : `${typeOf(schema)} ${shapeOf(whole)}`;
}

const answerRows = (document: ApiDocument, { responses }: Operation): readonly string[] =>
  Object.entries(responses)
    .filter(([, { content = {} }]) => content['application/problem+json'] === undefined)
    .map(([status, { description, headers = {}, content }]) => {
      const names = Object.keys(headers).map((name) => `\`${headerName(name)}\``);
      const parts = [
        sentence(description),
        bodyText(document, content),
        names.length === 0 ? '' : `with ${names.join(', ')}`,
      ];
      return `| ${status} | ${parts.filter((part) => part !== '').join(' ')} |`;
    });

/** Returns the section of an operation: summary, description, parameters, fields, example and answers. */
export function operationSection(
  document: ApiDocument,
  operation: Operation,
  { example, prose, common }: { readonly example: string; readonly prose: string; readonly common: CommonProblems },
): string {
  const { method, path, summary, description, parameters = [] } = operation;
  const body = bodyOf(operation);
  const order = ['path', 'query', 'header'];
  const sorted = [...parameters].sort((a, b) => order.indexOf(a.in) - order.indexOf(b.in));
  const parameterRows = sorted.map(({ name, in: location, required = false, schema, description: meaning = '' }) =>
    fieldRow({ name: location === 'header' ? headerName(name) : name, schema, isRequired: required }, meaning, {
      location,
    }),
  );
  const appends = (operation['x-appends'] ?? []).map((command) => `Appends \`${command}\`.`);
  const fieldRows = body === undefined ? [] : fieldsOf(resolved(document, body)).map((field) => fieldRow(field));
  return [
    `### \`${method} ${path}\``,
    '',
    sentence(summary),
    ...(description === undefined ? [] : ['', description]),
    ...(prose === '' ? [] : ['', prose]),
    '',
    [`Credentials: ${credentialsOf(operation)}.`, ...appends].join(' '),
    ...table('| Parameter | In | Type | Description |', parameterRows),
    ...table('| Field | Type | Description |', fieldRows),
    '',
    '```sh',
    example.trimEnd(),
    '```',
    ...table('| Status | Answer |', [...answerRows(document, operation), ...problemRows(operation, common)]),
  ].join('\n');
}
