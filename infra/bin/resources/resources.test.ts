import type { IncomingMessage } from 'node:http';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { operations } from '../../client/generated/operations.ts';
import type { OperationSpec } from '../../client/operation.ts';
import { withGateway } from '../../client/testing.ts';
import { answerText, registerResource } from './register.ts';
import { type Resource, resources, type Verb } from './table.ts';

afterEach(() => vi.unstubAllEnvs());

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: unknown;
  readonly ifMatch: string | undefined;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
}

/** Runs a command on a gateway, below `prefix`, that answers all requests of a method alike. Returns the requests and the output. */
async function run(
  args: readonly string[],
  answer: object,
  status: number | ((method: string | undefined) => number) = 200,
  prefix = '',
): Promise<{ seen: Seen[]; output: string }> {
  const seen: Seen[] = [];
  let output = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  const program = new Command('khipu').exitOverride();
  const [name = ''] = args;
  registerResource(program, name);
  try {
    await withGateway(
      (request, response) => {
        const { method, url, headers } = request;
        void bodyOf(request).then((body) => {
          seen.push({ method, url, body, ifMatch: headers['if-match'] });
          response
            .writeHead(typeof status === 'number' ? status : status(method), { 'content-type': 'application/json' })
            .end(JSON.stringify(answer));
        });
      },
      async (url) => {
        vi.stubEnv('KHIPU_URL', url + prefix);
        vi.stubEnv('KHIPU_API_KEY', 'k');
        await program.parseAsync([...args], { from: 'user' });
      },
    );
  } finally {
    write.mockRestore();
  }
  return { seen, output };
}

const verbs = Object.entries(resources as Readonly<Record<string, Resource>>).flatMap(([resource, { verbs: each }]) =>
  Object.entries(each).map(([name, verb]) => [resource, name, verb] as const),
);

describe('a verb of the table', () => {
  it.each(verbs)('%s %s has an option for each parameter of its operation', (resource, name, verb: Verb) => {
    const spec: OperationSpec = operations[verb.operation];
    const command = registerResource(new Command(), resource).commands.find((each) => each.name() === name);
    const options = new Set(command?.options.map(({ long }) => long));
    const hidden = new Set(['position', ...Object.keys(verb.fixed ?? {}), ...(verb.without ?? [])]);
    const fields = [...spec.query, ...spec.body].filter((field) => !hidden.has(field.name));
    for (const field of fields) expect(options).toContain(`--${field.name.replaceAll('_', '-')}`);
    expect(options).toContain('--json');
    expect(spec.ifMatch).toBe(verb.current !== undefined);
  });

  it('sends its arguments and options to the operation', async () => {
    const args = ['roles', 'create', '--name', 'reader', '--capabilities', 'slm:invoke:*,slm:embed:*', '--tenant', 'a'];
    const { seen, output } = await run(args, { name: 'reader', capabilities: ['slm:invoke:*'] }, 201);
    expect(seen).toEqual([
      {
        ...{ method: 'POST', url: '/v1/roles?tenant=a', ifMatch: undefined },
        body: { name: 'reader', capabilities: ['slm:invoke:*', 'slm:embed:*'] },
      },
    ]);
    expect(output).toBe('name          reader\ncapabilities  slm:invoke:*\n');
  });

  it.each([
    ['What is a khipu?', 'What is a khipu?'],
    ['[{"role":"user","content":"Hi"}]', [{ role: 'user', content: 'Hi' }]],
  ])('takes a text, or the structure in its place: %s', async (input, sent) => {
    const args = ['responses', 'create', '--model', 'default', '--input', input, '--background', 'true'];
    const { seen } = await run(args, { id: 'resp_1', status: 'queued' });
    expect(seen[0]).toMatchObject({
      ...{ method: 'POST', url: '/v1/responses', body: { model: 'default', input: sent, background: true } },
    });
  });

  it('shows a list of the OpenAI API as a table, with the way to its next page', async () => {
    const data = [{ id: 'msg_1', type: 'message', role: 'user', status: 'completed', content: 'Hi' }];
    const list = { object: 'list', data, has_more: true, last_id: 'msg_1' };
    const { seen, output } = await run(['responses', 'list-input', 'resp_1', '--order', 'asc'], list);
    expect(seen[0]?.url).toBe('/v1/responses/resp_1/input_items?order=asc');
    expect(output).toContain('msg_1');
    expect(output).toContain('more: --after msg_1');
    expect(output).not.toContain('has_more');
  });

  it.each(['/khipu', '/khipu/'])('keeps the path %s of the URL of the platform', async (prefix) => {
    const { seen } = await run(['roles', 'show', 'a/b', '--tenant', 'a'], { name: 'a/b' }, 200, prefix);
    expect(seen[0]?.url).toBe('/khipu/v1/roles/a%2Fb?tenant=a');
  });

  it('is done when the answer has no body', async () => {
    const args = ['kill-switch', 'release', '--scope', 'global', '--reason', 'over'];
    expect((await run(args, {}, 204)).output).toBe('done\n');
  });

  it('changes only the named fields, of the version that was read', async () => {
    const current = { name: 'reader', tenant_id: 'a', version: 7, description: 'old', capabilities: ['slm:embed:*'] };
    const { seen } = await run(['roles', 'change', 'reader', '--description', 'new'], current);
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/v1/roles/reader' });
    expect(seen[1]).toEqual({
      ...{ method: 'PUT', url: '/v1/roles/reader', ifMatch: '"7"' },
      body: { description: 'new', capabilities: ['slm:embed:*'] },
    });
  });

  it('creates what is not there, and changes or removes what the tenant has', async () => {
    const args = ['personas', 'set', 'clerk', '--instructions', 'Be brief.'];
    const none = { code: 'PERSONA_UNKNOWN', detail: 'There is no persona clerk' };
    const missing = (method: string | undefined) => (method === 'GET' ? 404 : 201);
    expect((await run(args, none, missing)).seen).toEqual([
      { method: 'GET', url: '/v1/personas/clerk?scope=tenant', body: undefined, ifMatch: undefined },
      { method: 'PUT', url: '/v1/personas/clerk', body: { instructions: 'Be brief.' }, ifMatch: undefined },
    ]);
    const there = { name: 'clerk', tenant_id: 'a', version: 3, description: 'd', instructions: 'i', temperature: 0 };
    expect((await run(args, there)).seen[1]).toMatchObject({
      ...{ ifMatch: '"3"', body: { description: 'd', instructions: 'Be brief.', temperature: 0 } },
    });
    const platform = await run(['personas', 'remove', 'clerk', '--scope', 'platform'], there);
    expect(platform.seen.map(({ method, url, ifMatch }) => [method, url, ifMatch])).toEqual([
      ['GET', '/v1/personas/clerk?scope=platform', undefined],
      ['DELETE', '/v1/personas/clerk?scope=platform', '"3"'],
    ]);
    await expect(run(args, { code: 'CAPABILITY_MISSING', detail: 'x' }, 403)).rejects.toMatchObject({
      code: 'CAPABILITY_MISSING',
    });
    await expect(run(['personas', 'remove', 'clerk'], none, 404)).rejects.toMatchObject({ code: none.code });
  });

  it('replaces a schedule as a whole, of the version that was read', async () => {
    const args = ['schedules', 'put', 'nightly', '--cron', '0 2 * * *', '--job', '{"type": "report"}'];
    const body = { cron: '0 2 * * *', job: { type: 'report' } };
    const url = '/v1/schedules/nightly';
    const there = { schedule_id: 'nightly', version: 4, cron: null, interval_ms: 1_000, note: 'old' };
    expect((await run(args, there)).seen).toEqual([
      { method: 'GET', url, body: undefined, ifMatch: undefined },
      { method: 'PUT', url, body, ifMatch: '"4"' },
    ]);
    const missing = (method: string | undefined) => (method === 'GET' ? 404 : 201);
    const { seen } = await run(args, { code: 'RESOURCE_UNKNOWN', detail: 'There is no schedule nightly' }, missing);
    expect(seen[1]).toEqual({ method: 'PUT', url, body, ifMatch: undefined });
  });

  it('sets what its name says', async () => {
    const { seen } = await run(['kill-switch', 'release', '--scope', 'global', '--reason', 'over'], {
      scope: 'global',
    });
    expect(seen[0]?.body).toEqual({ action: 'release', scope: 'global', reason: 'over' });
  });

  it('prints a table of the items, or the whole answer as JSON', async () => {
    const page = {
      items: [{ tenant_id: 'a', name: 'A', status: 'active', version: 1, settings: {} }],
      next_cursor: 'c',
    };
    const { output } = await run(['tenants', 'list'], page);
    expect(output).toBe('tenant_id  name  status  version\na          A     active        1\nmore: --cursor c\n');
    expect(JSON.parse((await run(['tenants', 'list', '--json'], page)).output)).toEqual(page);
  });

  it('rejects with the code of the problem', async () => {
    const problem = { code: 'ROLE_UNKNOWN', detail: 'no role is named nix' };
    await expect(run(['roles', 'show', 'nix'], problem, 404)).rejects.toMatchObject({
      code: 'ROLE_UNKNOWN',
      message: problem.detail,
    });
  });
});

it('an empty list and an empty answer have a word', () => {
  expect(answerText({ items: [], next_cursor: null }, ['a'])).toBe('none');
  expect(answerText({}, [])).toBe('done');
});
