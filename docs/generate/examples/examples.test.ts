import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot, readSources } from '../../../tests/checks/files.ts';
import { openApiDocument } from '../openapi/document.ts';
import { operationsOf } from '../openapi/operations.ts';
import { exampleFile, exampleOf } from './command.ts';
import { furtherSteps } from './created.ts';
import { exampleFiles } from './files.ts';
import { scenes } from './scenes.ts';
import { quoted } from './shell.ts';
import { tour } from './tour.ts';
import { tourOf } from './tour-of.ts';

const document = await openApiDocument();
const operations = operationsOf(document);
const ids = operations.map(({ operationId }) => operationId);
const scripts = readSources(projectRoot, (path) => /^docs\/examples\/.*\.sh$/.test(path));
const byId = (id: string) => {
  const operation = operations.find(({ operationId }) => operationId === id);
  return operation === undefined ? expect.fail(`no operation ${id}`) : exampleOf(document, operation);
};

describe('the examples', () => {
  it.each(scripts.map(({ path }) => path))('%s is valid shell', (path) => {
    execFileSync('bash', ['-n', path], { cwd: projectRoot });
  });

  it('belong to operations, or are run by the tour', () => {
    const derived = new Set(exampleFiles(document).map(([path]) => path));
    const byHand = scripts.filter(({ path }) => !derived.has(path)).map(({ path }) => path);
    expect(byHand).toEqual(
      [
        'constitution-life.sh',
        'first-capsule.sh',
        'resume-everything.sh',
        'stop-everything.sh',
        'tour-functions.sh',
      ].map((name) => join('docs', 'examples', name)),
    );
  });

  it('call only functions that exist, in the tour', () => {
    const functions = scripts.find(({ path }) => path.endsWith('tour-functions.sh'))?.text ?? '';
    const called = tour.flatMap((step) => ('call' in step ? [step.call] : []));
    expect(called.filter((name) => !functions.includes(`\n${name}() {\n`))).toEqual([]);
  });

  it.each(ids)('%s is replayed by the tour', (id) => {
    expect(tourOf(document).some((step) => 'run' in step && step.run === id)).toBe(true);
  });

  it('name only operations that exist, in the tour and in the scenes', () => {
    const named = [...Object.keys(scenes), ...tour.flatMap((step) => ('run' in step ? [step.run] : []))];
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe('the example of an operation', () => {
  it('has the path, the credentials and the body of the document', () => {
    expect(exampleFile('startSession')).toBe('start-session.sh');
    expect(byId('submitTurn')).toBe(
      `curl -sS --fail-with-body "$KHIPU_URL/v1/sessions/$SESSION_ID/turns" \\
  -H "Authorization: Bearer $SESSION_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"prompt": "And who could read them?"}'
`,
    );
    expect(byId('live')).toBe('curl -sS --fail-with-body "$KHIPU_URL/health/live"\n');
  });

  it('reads the ETag first when a change requires it', () => {
    expect(byId('removeRole').split('\n').slice(0, 2)).toEqual([
      'url="$KHIPU_URL/v1/roles/reader?tenant=$TENANT_ID"',
      `etag=$(curl -sS --fail-with-body -o /dev/null -w '%header{etag}' "$url" -H "Authorization: Bearer $KHIPU_API_KEY")`,
    ]);
    expect(byId('removeRole')).toContain('-X DELETE "$url"');
  });

  it('sends each example of its body', () => {
    expect(byId('setKillSwitch').match(/"action": "(\w+)"/g)).toEqual(['"action": "engage"', '"action": "release"']);
  });

  it('lets the shell expand only variables', () => {
    expect(quoted('{"a": "$B"}')).toBe('"{\\"a\\": \\"$B\\"}"');
    expect(quoted('{"a": "b"}')).toBe(`'{"a": "b"}'`);
  });

  it('follows the operations that no tour names: what creates first, then what shows it, then the rest', () => {
    const operation = { summary: 'X', tags: [], responses: {} };
    const notes = {
      '/v1/notes/{note_id}/archive': { post: { ...operation, operationId: 'archiveNote' } },
      '/v1/notes/{note_id}': {
        get: {
          ...operation,
          operationId: 'getNote',
          parameters: [{ name: 'note_id', in: 'path', schema: {} } as const],
        },
      },
      '/v1/notes': { get: { ...operation, operationId: 'listNotes' }, post: { ...operation, operationId: 'addNote' } },
      '/v1/weather': { get: { ...operation, operationId: 'getWeather' } },
    };
    const noted = { ...document, paths: notes };
    expect(furtherSteps(noted, [{ run: 'archived' }])).toEqual([
      { run: 'addNote', take: { NOTE_ID: 'note_id' } },
      { run: 'getNote', shows: '$NOTE_ID' },
      { run: 'listNotes', shows: '$NOTE_ID' },
      { run: 'getWeather', shows: '{' },
      { run: 'archiveNote' },
    ]);
    const get = operationsOf(noted).find(({ operationId }) => operationId === 'getNote');
    expect(get && exampleOf(noted, get)).toContain('"$KHIPU_URL/v1/notes/$NOTE_ID"');
  });

  it('cannot be made for an operation whose body or path has no example', () => {
    const operation = { operationId: 'x', summary: 'X', tags: [], responses: {}, method: 'POST', path: '/v1/x' };
    const body = { content: { 'application/json': { schema: { type: 'object' } } } };
    expect(() => exampleOf(document, { ...operation, requestBody: body })).toThrow('x: its body has no example');
    expect(() => exampleOf(document, { ...operation, path: '/v1/{y}' })).toThrow('x: its parameter y has no example');
  });
});
