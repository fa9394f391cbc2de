import { describe, expect, it } from 'vitest';
import { derivedId } from '../../schemas/ids.ts';
import { keyOf } from '../../schemas/topics.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import { anEmbedding, anInference, aStart, aTurn } from '../testing.ts';
import { EVALUATOR_VERSION } from './decide.ts';
import { policy } from './policy.ts';
import { failedTests } from './self-test.ts';
import { activated, document, engineWith, options, permitAll, published, verified } from './testing.ts';

const { given, when } = scenarios(policy(engineWith(), options));
const inForce = [published('1'), activated('1')];

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
