import { readFileSync } from 'node:fs';
import { exampleOf } from '../examples/command.ts';
import type { ApiDocument, ApiSchema } from '../openapi/document.ts';
import { bodyOf, type Operation, operationsOf, resolved } from '../openapi/operations.ts';
import { fieldRow, fieldsOf } from './fields.ts';
import { operationSection } from './operation.ts';
import { commonProblems, commonText } from './problems.ts';

/** Returns the hand-written prose by name: `common`, a tag, or an operation id. */
export function readProse(): ReadonlyMap<string, string> {
  const text = readFileSync(new URL('prose.md', import.meta.url), 'utf8');
  const [, ...parts] = text.split(/^# (.+)$/m);
  return new Map(parts.flatMap((name, at) => (at % 2 === 0 ? [[name, (parts[at + 1] ?? '').trim()] as const] : [])));
}

/** Returns the names of the schemas that answers and fields refer to. Request bodies are shown with their operations. */
function shapesOf(document: ApiDocument, operations: readonly Operation[]): readonly string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(document.components.schemas[name]);
    }
  };
  for (const operation of operations) {
    const body = bodyOf(operation);
    visit(operation.responses);
    if (body !== undefined) visit(resolved(document, body));
  }
  return [...found].sort();
}

function shapeSection(name: string, schema: ApiSchema): string {
  const rows = fieldsOf(schema).map((field) => fieldRow(field, field.schema.description, { marks: 'optional' }));
  const { description } = schema;
  return [
    `### ${name}`,
    ...(description === undefined ? [] : ['', `${description}.`]),
    '',
    '| Field | Type | Description |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}

/** Returns docs/reference/http-api.md, from the OpenAPI document and prose.md. */
export function httpApiPage(document: ApiDocument): string {
  const prose = readProse();
  const operations = operationsOf(document);
  const common = commonProblems(operations);
  const sections = document.tags.flatMap(({ name, description }) => {
    const tagged = operations.filter(({ tags }) => tags.includes(name));
    if (tagged.length === 0) return [];
    return [
      prose.get(name) ?? `## ${name}\n\n${description}.`,
      ...tagged.map((operation) =>
        operationSection(document, operation, {
          example: exampleOf(document, operation),
          prose: prose.get(operation.operationId) ?? '',
          common,
        }),
      ),
    ];
  });
  return `${[
    '# HTTP API',
    '<!-- Generated from the routes and docs/generate/http-api/prose.md by `npm run docs:pages`. Do not edit. -->',
    prose.get('common') ?? '',
    commonText(common),
    ...sections,
    '## Shapes',
    ...shapesOf(document, operations).map((name) =>
      shapeSection(name, resolved(document, { $ref: `#/components/schemas/${name}` })),
    ),
  ].join('\n\n')}\n`;
}
