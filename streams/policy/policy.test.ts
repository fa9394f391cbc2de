import { describe, expect, it } from 'vitest';
import { personaEntry } from '../../schemas/contexts/personas/entries.ts';
import { PERSONA_TOKENS_MAX, tokensMaxOf } from '../../schemas/contexts/slm/token-bounds.ts';
import { persona } from '../../schemas/generated/records.ts';
import { derivedId } from '../../schemas/ids.ts';
import { keyOf } from '../../schemas/topics.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord } from '../kernel.ts';
import { anEmbedding, anInference, aStart, aTenant, aTurn, personaRecords } from '../testing.ts';
import { EVALUATOR_VERSION } from './decide.ts';
import { policy } from './policy.ts';
import { failedTests } from './self-test.ts';
import { activated, document, engineWith, options, permitAll, published, verified } from './testing.ts';

const { given, when } = scenarios(policy(engineWith(), options));
const inForce = [...personaRecords, published('1'), activated('1')];

describe('policy', () => {
  it.each([aStart(), aTurn('t'), anInference(), anEmbedding()])('decides $type, and contains it', (command) => {
    const [decided] = given(...inForce).when(command).records;
    expect(decided).toMatchObject({
      type: 'PolicyDecided',
      data: {
        subjectId: keyOf(command),
        commandType: expect.stringMatching(new RegExp(`^khipu\\.\\w+\\.${command.type}$`)),
        command,
        principal: 'key-1',
        evaluatorVersion: EVALUATOR_VERSION,
        decision: { outcome: 'allow', constitutionVersion: '1', constitutionDigest: 'd1' },
      },
    });
  });

  it('names the decision by the id of its record', () => {
    const driver = createDriver({ processors: [policy(engineWith(), options)] });
    const { meta } = driver.append(aTurn('t'));
    driver.run();
    const [decided] = driver.records('policy.decisions');
    expect(decided?.meta.id).toBe(derivedId(meta.id, 'policy', 0));
    expect(decided?.record.data).toMatchObject({ commandId: meta.id, decision: { decisionId: decided?.meta.id } });
  });

  it.each([
    ['none is active', [], 'CONSTITUTION_NOT_ACTIVATED'],
    ['the signature is bad', [published('1', { envelope: 'forged' }), activated('1')], 'SIGNATURE_INVALID'],
    ['the digest is another', [published('1'), activated('1', 'x')], 'CONSTITUTION_DIGEST_MISMATCH'],
    ['the version is unknown', [activated('1')], 'CONSTITUTION_VERSION_UNKNOWN'],
  ])('refuses everything when %s', (_, events, code) => {
    for (const command of [aStart(), aTurn('t'), anInference(), anEmbedding()]) {
      const [decided] = given(...events).when(command).records;
      expect(decided?.data).toMatchObject({
        features: [],
        decision: {
          outcome: 'deny',
          score: 0,
          reasons: ['CONSTITUTION_UNVERIFIED', code],
          constitutionVersion: '',
          constitutionDigest: '',
        },
      });
    }
  });

  it('decides by the tables at that time: the same log gives the same bytes', () => {
    const run = () => {
      const driver = createDriver({ processors: [policy(engineWith(), options)] });
      for (const record of [...inForce, aStart(), aTurn('a', { prompt: 'gold' }), anInference()]) driver.append(record);
      driver.run();
      return driver.records('policy.decisions').map(({ meta }) => Buffer.from(meta.value).toString('hex'));
    };
    expect(run()).toHaveLength(3);
    expect(run()).toEqual(run());
  });

  it('works without any constitution', () => {
    expect(when(aStart()).records).toHaveLength(1);
  });
});

describe('the tests of a constitution', () => {
  it('pass when the evaluator decides as expected', () => {
    expect(failedTests(permitAll, verified)).toEqual([]);
  });

  it('report the expected and the actual verdict', () => {
    const tests = [
      { name: 'a', command: { type: 'InferText' as const }, expect: { outcome: 'deny' as const, reason: 'NO_PERMIT' } },
      {
        name: 'b',
        command: { type: 'EmbedText' as const, prompt: 'gold', capabilities: ['slm:embed:large'], model: 'large' },
        expect: { outcome: 'allow' as const, reason: 'PERMITTED' },
      },
      {
        name: 'c',
        command: { type: 'StartSession' as const, prompt: 'hi' },
        expect: { outcome: 'allow' as const, reason: 'PERMITTED' },
      },
    ];
    expect(failedTests(permitAll, { ...verified, document: { ...document, tests } })).toEqual([
      { name: 'a', expected: 'deny NO_PERMIT', actual: 'allow PERMITTED' },
      { name: 'b', expected: 'allow PERMITTED', actual: 'deny MODERATION_GOLD' },
    ]);
  });
});

describe('the persona of a command', () => {
  const clerk = persona({
    ...{ entryId: personaEntry('demo', 'guide'), tenantId: 'demo', version: 4, name: 'guide', description: '' },
    ...{ instructions: 'Be brief.', model: null, temperature: 0, maxTokens: null, status: 'active' },
  });
  const decided = (...records: readonly AnyRecord[]) => {
    const [found] = given(...inForce, ...records.slice(0, -1)).when(records.at(-1) as AnyRecord).records;
    if (found?.type !== 'PolicyDecided') throw new Error('no decision');
    return found.data;
  };

  it('is recorded as it was held: that of the tenant, otherwise that of the platform', () => {
    expect(decided(aTurn('t')).persona).toMatchObject({ entryId: 'persona:*:guide', version: 1, temperature: 0.7 });
    const { name, entryId, version, instructions, temperature } = clerk.data;
    expect(decided(clerk, aTurn('t')).persona).toEqual({ name, entryId, version, instructions, temperature });
    const gone = persona({ ...clerk.data, version: 5, status: 'removed' });
    expect(decided(clerk, gone, aTurn('t')).persona).toMatchObject({ entryId: 'persona:*:guide' });
    const other = persona({ ...clerk.data, entryId: personaEntry('acme', 'guide'), tenantId: 'acme' });
    expect(decided(other, aTurn('t')).persona).toMatchObject({ entryId: 'persona:*:guide' });
    expect(decided(anInference()).persona).toBeNull();
  });

  it('must exist, even where the constitution names it', () => {
    const removed = personaRecords.map(({ data }) => persona({ ...data, version: 2, status: 'removed' }));
    expect(decided(...removed, aTurn('t'))).toMatchObject({
      decision: { outcome: 'deny', reasons: ['PERSONA_UNKNOWN'], clauses: ['persona:guide'] },
      persona: { name: 'guide', entryId: '', version: 0 },
    });
  });

  it('must be named by the constitution, even where it exists', () => {
    expect(decided(aTurn('t', { persona: 'analyst' }))).toMatchObject({
      decision: { outcome: 'deny', reasons: ['PERSONA_UNKNOWN'], clauses: ['personas'] },
      persona: { name: 'analyst', version: 1 },
    });
  });

  it('takes more of a budget when its instructions are longer than estimates have room for', () => {
    const tenant = aTenant([{ window: 'session', tokensMax: 1_000_000, costMax: null }]);
    const asked = (instructions: string) => {
      const { records } = given(...inForce, tenant, persona({ ...clerk.data, instructions })).when(aTurn('t'));
      return records.flatMap((record) => (record.type === 'AskLease' ? [record.data.tokens] : []))[0] ?? 0;
    };
    const room = PERSONA_TOKENS_MAX - tokensMaxOf('');
    expect(asked('x'.repeat(room))).toBe(asked('x'));
    expect(asked('x'.repeat(room + 100))).toBe(asked('x') + 100);
  });
});
