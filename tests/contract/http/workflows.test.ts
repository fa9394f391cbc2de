// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of the specification.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aManifest } from '../../../infra/capsules/testing.ts';
import { type ApiAnswer, type ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { archiveOf } from '../../support/capsules.ts';
import { type Harness, startHarness } from './support/harness.ts';

interface NodeJson {
  readonly at: string;
  readonly state: string;
  readonly steps: number;
  readonly used: { readonly calls: number; readonly tokens: number; readonly cost: string };
}

/** A template, a run, a capsule, a page, or a problem. */
interface WorkflowJson extends ProblemJson {
  readonly template: string;
  readonly version: string;
  readonly digest: string;
  readonly document: unknown;
  readonly run_id: string;
  readonly pointer: string;
  readonly capsule: string;
  readonly nodes: readonly NodeJson[];
  readonly edges: readonly object[];
  readonly used: NodeJson['used'];
  readonly items: readonly WorkflowJson[];
}

let platform: Harness;
let other: ApiClient;
beforeAll(async () => {
  platform = await startHarness();
  other = await platform.clientWith('acme', ['workflows:*', 'jobs:*']);
});
afterAll(() => platform.close());

const call = (method: string, path: string, body?: object, client = platform.api) =>
  client.call<WorkflowJson>(method, `/v1${path}`, body === undefined ? {} : { body });
const documentOf = (name: string, tasks: readonly object[], version = '1.0.0') => ({
  document: { dsl: '1.0.3', namespace: 'ops', name, version },
  do: tasks,
});
const load = (document: unknown, client = platform.api) => call('POST', '/templates/import', { document }, client);
const problemOf = ({ status, body }: ApiAnswer<WorkflowJson>) => [status, body.code];
const shown = (path: string, client = platform.api) =>
  until(
    () => call('GET', path, undefined, client),
    ({ status }) => status === 200,
  );
/** Starts a run of a template as soon as the read model has it, and resolves with the run at its end. */
async function ended(template: string, body: object = {}): Promise<WorkflowJson> {
  const started = await until(
    () => call('POST', `/templates/${template}/runs`, body),
    ({ status }) => status === 201,
  );
  const run = await until(
    () => call('GET', `/runs/${started.body.run_id}`),
    ({ body: { status } }) => ['completed', 'failed', 'dead'].includes(String(status)),
  );
  return run.body;
}

describe('a template', () => {
  test('is imported as an object or as YAML, listed, shown with its document, and removed', async () => {
    const tasks = [{ greet: { set: { n: 1 } } }];
    const { status, body, headers } = await load(documentOf('life', tasks));
    expect([status, body.template, body.version]).toEqual([201, 'ops.life', '1.0.0']);
    expect(headers.get('location')).toBe('/v1/templates/ops.life');
    const yaml = `document: { dsl: '1.0.3', namespace: ops, name: life, version: '1.0.0' }\ndo: [{ greet: { set: { n: 1 } } }]`;
    expect((await load(yaml)).body.digest).toBe(body.digest);
    expect((await shown('/templates/ops.life')).body.document).toEqual(documentOf('life', tasks));
    expect((await load(documentOf('life', [{ greet: { set: { n: 2 } } }]))).body.code).toBe('ALREADY_EXISTS');
    const next = await load(documentOf('life', [{ greet: { set: { n: 2 } } }], '1.1.0'));
    const versions = await until(
      () => call('GET', '/templates/ops.life/versions'),
      (answer) => answer.body.items.length === 2,
    );
    expect(versions.body.items.map(({ version }) => version).sort()).toEqual(['1.0.0', '1.1.0']);
    expect((await shown('/templates/ops.life')).body.digest).toBe(next.body.digest);
    expect((await shown(`/templates/ops.life?sha256=${body.digest}`)).body.version).toBe('1.0.0');
    expect((await call('GET', '/templates')).body.items.map(({ template }) => template)).toContain('ops.life');
    expect((await call('DELETE', '/templates/ops.life')).status).toBe(204);
    const gone = await until(
      () => call('GET', '/templates/ops.life'),
      (answer) => answer.status === 404,
    );
    expect(problemOf(gone)).toEqual([404, 'TEMPLATE_UNKNOWN']);
    expect(problemOf(await call('DELETE', '/templates/ops.life'))).toEqual([404, 'TEMPLATE_UNKNOWN']);
  });

  test('is refused with the place of what runs do not support', async () => {
    const { status, body } = await load(documentOf('bad', [{ a: { run: { script: { language: 'js', code: '1' } } } }]));
    expect([status, body.code, body.pointer]).toEqual([422, 'WORKFLOW_UNSUPPORTED', '/do/0/a/run/script']);
    expect(problemOf(await load(documentOf('bad', [{ a: { sett: 1 } }])))).toEqual([422, 'WORKFLOW_INVALID']);
    expect(problemOf(await load('x'.repeat(60_000)))).toEqual([413, 'WORKFLOW_TOO_LARGE']);
    expect(problemOf(await call('POST', '/templates/import', {}))).toEqual([400, 'REQUEST_INVALID']);
  });

  test('does not exist for another tenant', async () => {
    await load(documentOf('own', [{ a: { set: { n: 1 } } }]));
    await shown('/templates/ops.own');
    for (const path of ['/templates/ops.own', '/templates/ops.own/versions'])
      expect(problemOf(await call('GET', path, undefined, other))).toEqual([404, 'TEMPLATE_UNKNOWN']);
    expect(problemOf(await call('POST', '/templates/ops.own/runs', {}, other))).toEqual([404, 'TEMPLATE_UNKNOWN']);
    expect(problemOf(await call('DELETE', '/templates/ops.own', undefined, other))).toEqual([404, 'TEMPLATE_UNKNOWN']);
  });
});

describe('a run of a template', () => {
  test('is a graph with states, attempts and costs', async () => {
    await load(
      documentOf('ask', [
        {
          all: {
            for: { in: '.words' },
            metadata: { parallel: 2 },
            do: [{ ask: { call: 'model', with: { prompt: '${ $item }' } } }],
          },
        },
        { last: { set: { n: '${ length }' } } },
      ]),
    );
    const run = await ended('ops.ask', { input: { words: ['one', 'two', 'three'] }, tags: ['mine'] });
    expect([run.status, run.template]).toEqual(['completed', 'ops.ask']);
    expect(run.nodes.map(({ at, state, steps }) => [at, state, steps])).toEqual([
      ['/do/0/all', 'none', 0],
      ['/do/0/all/do/0/ask', 'completed', 3],
      ['/do/1/last', 'none', 0],
    ]);
    expect(run.edges).toEqual([{ from: '/do/0/all', to: '/do/1/last' }]);
    expect([run.used.calls, run.used.tokens > 0]).toEqual([3, true]);
    expect(run.nodes[0]?.used).toEqual(run.used);
    const listed = await call('GET', '/runs?template=ops.ask');
    expect(listed.body.items.map(({ run_id }) => run_id)).toEqual([run.run_id]);
    expect(problemOf(await call('GET', `/runs/${run.run_id}`, undefined, other))).toEqual([404, 'RESOURCE_UNKNOWN']);
  });

  test('starts the templates that its document names', async () => {
    await load(documentOf('inner', [{ a: { set: { n: '${ .n + 1 }' } } }]));
    await shown('/templates/ops.inner');
    await load(
      documentOf('outer', [{ go: { run: { workflow: { namespace: 'ops', name: 'inner', version: 'latest' } } } }]),
    );
    await shown('/templates/ops.outer');
    const run = await ended('ops.outer', { input: { n: 1 } });
    expect((await call('GET', `/jobs/${run.run_id}/result`)).body).toMatchObject({ result: { n: 2 } });
    await load(
      documentOf('lost', [{ go: { run: { workflow: { namespace: 'ops', name: 'none', version: '1.0.0' } } } }]),
    );
    await shown('/templates/ops.lost');
    expect(problemOf(await call('POST', '/templates/ops.lost/runs', {}))).toEqual([404, 'TEMPLATE_UNKNOWN']);
  });

  test('of a capsule has what was granted to its install, and no capability more', async () => {
    const workflow = documentOf('brief', [{ ask: { call: 'model', with: { prompt: 'What is a khipu?' } } }]);
    const archive = archiveOf(aManifest({ name: 'flow', workflow }), platform.config.keysDir);
    const { body: capsule } = await call('POST', '/marketplace/publish', { archive });
    const install = (name: string, granted: readonly string[]) =>
      call('POST', '/marketplace/installs', { ...{ capsule: capsule.capsule, digest: capsule.digest }, name, granted });
    expect((await install('able', ['slm:invoke:default'])).status).toBe(201);
    expect((await install('bare', [])).status).toBe(201);
    expect((await call('POST', '/templates/import', { install: 'able' })).body).toMatchObject({
      template: 'ops.brief',
      install: 'able',
    });
    await shown('/templates/ops.brief');
    expect(String((await ended('ops.brief')).status)).toBe('completed');
    await call('POST', '/templates/import', { install: 'bare' });
    await until(
      () => call('GET', '/templates/ops.brief'),
      ({ body }) => (body as unknown as { install: string }).install === 'bare',
    );
    expect(await ended('ops.brief')).toMatchObject({ status: 'failed', code: 'POLICY_DENIED' });
  });
});
