import { describe, expect, it } from 'vitest';
import { prepareCapsule } from '../signing.ts';
import { aManifest } from '../testing.ts';
import { inputIn, inputText, promptWith } from './prompt.ts';
import { type PastRun, whatIfUpgraded } from './what-if.ts';

const of = (changes: object = {}) => prepareCapsule(aManifest({ ...changes })).manifest;
const from = of();
const GRANT = ['agents:start:greeter', 'slm:invoke:default'];
const run = (changes: Partial<PastRun> & { readonly input?: unknown } = {}): PastRun => {
  const { input = { name: 'Ana' }, ...rest } = changes;
  const prompt = promptWith(from, inputText(input));
  return { runId: 'run-1', prompt, steps: 2, tokens: 100, cost: '0.002000000', wallMs: 900, tools: [], ...rest };
};
const whatIf = (to: object, runs: readonly PastRun[], granted: readonly string[] = GRANT) =>
  whatIfUpgraded({ from, to: of({ version: '2.0.0', ...to }), granted }, runs);
const agentWith = (limits: object) => ({ agent: { ...(aManifest()['agent'] as object), limits } });

describe('the input of a past run', () => {
  it('is read from its prompt, under any version', () => {
    const input = { name: 'Ana\n\nand others', nested: [{ deep: true }] };
    const older = promptWith(of(agentWith({})), inputText(input));
    expect(inputIn(older)).toEqual(input);
    expect([inputIn('no input'), inputIn('a\n\n[1]'), inputIn('a\n\n{'), inputIn('')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('a what-if of an upgrade', () => {
  it('changes nothing where the next version takes, grants and allows as much', () => {
    expect(whatIf({}, [run(), run({ runId: 'run-2' })])).toEqual({
      ...{ runs: 2, changed: 0, reasons: [], tokens: 200, cost: '0.004000000' },
      before: { amount: '0.000000000', currency: 'EUR', meter: 'install', charged: '0.000000000' },
      after: { amount: '0.000000000', currency: 'EUR', meter: 'install', charged: '0.000000000' },
    });
  });

  it('counts the runs whose input the next schema refuses, and names the latest of them', () => {
    const input = { type: 'object', properties: { name: { type: 'string', maxLength: 3 } }, required: ['name'] };
    const runs = ['Ana', 'Bartholomew', 'Christopher'].map((name) => run({ runId: name, input: { name } }));
    expect(whatIf({ input }, runs)).toMatchObject({
      changed: 2,
      reasons: [{ code: 'CAPSULE_INPUT_INVALID', runs: 2, examples: ['Bartholomew', 'Christopher'] }],
    });
  });

  it.each([
    ['steps', { steps: 1 }, 'AGENT_STEPS_EXHAUSTED'],
    ['tokens', { tokens: 99 }, 'AGENT_TOKENS_EXHAUSTED'],
    ['cost', { cost: '0.0019' }, 'AGENT_COST_EXHAUSTED'],
    ['time', { wall_ms: 1_000 }, 'AGENT_DEADLINE'],
  ])('counts the runs that its limit of %s would end', (_, limits, code) => {
    const runs = [run({ wallMs: 1_001 }), run({ steps: 1, tokens: 10, cost: '0.001000000', wallMs: null })];
    const { changed, reasons } = whatIf(agentWith(limits), runs);
    expect([changed, reasons.map((each) => [each.code, each.runs])]).toEqual([1, [[code, 1]]]);
  });

  it('counts the runs that called a tool which it does not have, and all of them where the grant lacks what it needs', () => {
    expect(whatIf({}, [run({ tools: ['mail'] }), run()])).toMatchObject({
      ...{ changed: 1, reasons: [{ code: 'CAPSULE_TOOL_MISSING', runs: 1 }] },
    });
    const tools = { tools: [{ name: 'mail' }], capabilities: [...GRANT, 'tool:execute:mail'] };
    expect(whatIf(tools, [run(), run({ tools: ['mail'] })])).toMatchObject({
      changed: 2,
      reasons: [{ code: 'CAPABILITY_MISSING', runs: 2, detail: 'tool:execute:mail is not granted.' }],
    });
    expect(whatIf(tools, [run({ tools: ['mail'] })], [...GRANT, 'tool:execute:mail']).changed).toBe(0);
  });

  it('charges the runs by the price of each version, exactly', () => {
    const price = { amount: '0.000000003', currency: 'EUR', meter: 'run' };
    const runs = Array.from({ length: 7 }, () => run());
    expect(whatIf({ price }, runs)).toMatchObject({
      before: { meter: 'install', charged: '0.000000000' },
      after: { ...price, charged: '0.000000021' },
    });
  });
});
