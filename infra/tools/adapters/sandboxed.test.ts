import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../local/home.ts';
import type { Tier } from '../../sandbox/port.ts';
import { type Manifest, manifestSchema } from '../manifest/manifest.ts';
import { codeRunAdapter } from './code-run.ts';
import type { ToolAdapter, ToolRun } from './port.ts';
import { programAdapter } from './program.ts';

const manifestOf = (changes: Partial<Manifest> = {}): Manifest =>
  manifestSchema.parse({
    ...{ name: 'sum', version: '1', description: 'Adds', adapter: 'program', tier: 'wasm', effect: 'read', hosts: [] },
    ...{ input_schema: { type: 'object' }, output_schema: {} },
    ...changes,
  });
const runWith = (args: Record<string, unknown>, changes: Partial<ToolRun> = {}): ToolRun => ({
  ...{
    callId: 'c',
    tenantId: 'acme',
    principal: 'key-1',
    decisionId: 'd',
    sessionId: null,
    place: null,
    labels: [],
    arguments: args,
    idempotencyKey: 'k',
    timeoutMs: 20_000,
  },
  signal: new AbortController().signal,
  ...changes,
});
const NO_PRIVATE = { names: new Set<string>(), ranges: [] };
const parts = {
  secretsDir: '/none',
  onRequest: () => undefined,
  secrets: { resolve: async () => '' },
  allowPrivate: NO_PRIVATE,
};
const nothing = async (): Promise<readonly string[]> => [];
const execute = (adapter: ToolAdapter, manifest: Manifest, run: ToolRun) =>
  adapter.connect(manifest, 'acme').execute(run);
const refusal = (code: string, message: RegExp, more: object = {}) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string, ...more });

describe('the code of a caller', () => {
  const adapter = codeRunAdapter(nothing);
  const manifest = manifestOf({ adapter: 'code.run' });

  it.each([
    ['python', 'print("hi")\nlen(input) * 2'],
    ['javascript', 'console.log("hi"); input.length * 2'],
  ])('in %s has its value, and what it printed', async (language, code) => {
    const { output } = await execute(adapter, manifest, runWith({ language, code, input: 'abc' }));
    expect(output).toMatchObject({ output: 'hi\n', value: 6, error: null });
  });

  it('that fails has an output that says why', async () => {
    const { output } = await execute(adapter, manifest, runWith({ language: 'python', code: '1 / 0' }));
    expect(output).toMatchObject({
      value: null,
      error: { code: 'SANDBOX_PROGRAM_FAILED', detail: expect.stringContaining('ZeroDivisionError') as string },
    });
  });

  it('that does not end is ended with the time of the call', async () => {
    const run = runWith({ language: 'javascript', code: 'for (;;) {}' }, { timeoutMs: 1_000 });
    expect((await execute(adapter, manifest, run)).output).toMatchObject({
      error: { code: expect.stringMatching(/^SANDBOX_(?:CPU|TIME)_EXCEEDED$/) as string },
    });
  });

  it('is ended with the call, whose reason is the error', async () => {
    const abort = new AbortController();
    const code = 'for (;;) {}';
    const running = execute(adapter, manifest, runWith({ language: 'javascript', code }, { signal: abort.signal }));
    setTimeout(() => abort.abort(new Error('stopped by a kill switch')), 300);
    await expect(running).rejects.toThrow('stopped by a kill switch');
  });

  it.each([
    ['another language', { language: 'cobol', code: '' }, /language/],
    ['no code', { language: 'python' }, /code/],
    ['too much code', { language: 'python', code: '#'.repeat(70_000) }, /65536 bytes/],
  ])('is refused for %s', async (_what, args, message) => {
    await expect(execute(adapter, manifest, runWith(args))).rejects.toEqual(
      refusal('TOOL_ARGUMENTS_INVALID', message, { effect: 'none', canRetry: false }),
    );
  });

  it('reaches no host', async () => {
    const reaching = manifestOf({ adapter: 'code.run', hosts: [{ host: 'api.example', methods: ['GET'] }] });
    await expect(adapter.audit(reaching)).rejects.toEqual(refusal('TOOL_INVALID', /hosts/));
  });
});

describe('the tools of the guide', () => {
  const load = (name: string): Manifest =>
    manifestSchema.parse(JSON.parse(readFileSync(join(projectRoot, 'docs/examples', name), 'utf8')));

  it('answer', async () => {
    const quote = await execute(
      programAdapter(parts, nothing),
      load('quote-tool.json'),
      runWith({ units: 100, price: 2 }),
    );
    expect(quote).toEqual({ output: { total: 180 } });
    const code = runWith({ language: 'javascript', code: '6 * 7' });
    const { output } = await execute(codeRunAdapter(nothing), load('code-tool.json'), code);
    expect(output).toMatchObject({ value: 42, error: null });
  });
});

describe('the program of a manifest', () => {
  const adapter = programAdapter(parts, nothing);
  const program = (code: string, language = 'javascript', changes: Partial<Manifest> = {}): Manifest =>
    manifestOf({ config: { language, code }, ...changes });

  it.each([
    ['javascript', '({ total: JSON.parse(input).numbers.reduce((a, b) => a + b, 0) })', { total: 6 }],
    ['python', 'import json\nsum(json.loads(input)["numbers"])', 6],
    ['javascript', 'null', null],
  ])('in %s answers with its value', async (language, code, output) => {
    expect(await execute(adapter, program(code, language), runWith({ numbers: [1, 2, 3] }))).toEqual({ output });
  });

  it('that fails ends the call, with what it said and without an effect', async () => {
    await expect(execute(adapter, program('throw new Error("no rate")'), runWith({}))).rejects.toEqual(
      refusal('TOOL_PROGRAM_FAILED', /SANDBOX_PROGRAM_FAILED.*no rate/s, { effect: 'none' }),
    );
  });

  it.each([
    ['no program', manifestOf(), /config/],
    ['a command in an interpreter', manifestOf({ config: { argv: ['/bin/true'] } }), /argv/],
  ])('is refused with %s', (_what, manifest, message) => {
    expect(() => adapter.connect(manifest, 'acme')).toThrow(refusal('TOOL_INVALID', message));
  });
});

describe('the walls of a tool that runs code', () => {
  const lacksOf = async (tier: Tier): Promise<readonly string[]> => (tier === 'kernel' ? ['runsc is not there'] : []);
  const audit = (changes: Partial<Manifest>) => programAdapter(parts, lacksOf).audit(manifestOf(changes));
  const hosts: Manifest['hosts'] = [{ host: 'api.example', methods: ['GET'] }];

  it('are those of its tier, and the broker where it reaches hosts', async () => {
    expect(await audit({})).toEqual({ tier: 'wasm', walls: ['interpreter', 'process'] });
    const { walls } = await audit({ tier: 'process', hosts });
    expect(walls).toEqual(['namespaces', 'seccomp', 'rlimits', 'egress-broker']);
  });

  it.each([
    ['a tier that is not there', { tier: 'kernel' as const }, /runsc is not there/],
    ['a tier without code', { tier: 'declared' as const }, /declared/],
    ['hosts in a tier without a way out', { hosts }, /no way to a host/],
  ])('are never weaker: %s is refused', async (_what, changes, message) => {
    await expect(audit(changes)).rejects.toEqual(refusal('SANDBOX_UNAVAILABLE', message, { effect: 'none' }));
  });
});
