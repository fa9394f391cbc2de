import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RuleVerdict } from '../../schemas/contexts/constitution/rules.ts';
import { startJob } from '../../schemas/generated/records.ts';
import { type GovernedCommand, governedActions, requestOf } from '../../schemas/governed.ts';
import { recordOf } from '../../schemas/testing.ts';
import { anEmbedding, anInference, aStart, aTurn } from '../testing.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import { document, engineWith, permitAll, verified } from './testing.ts';

const judge = (command: GovernedCommand, rule: () => RuleVerdict = permitAll): Verdict =>
  evaluate(rule, verified, requestOf(command), 'demo');
const judgePrompt = (prompt: string): Verdict => judge(aTurn('t', { prompt }));

/** The start of a job in the lane that takes a capability besides. */
const aJob = (capabilities: readonly string[]): GovernedCommand =>
  startJob({
    ...{ jobId: 'job-1', principal: 'key-1', capabilities, credential: null, type: 'report', input: '{"of":"may"}' },
    ...{ runAt: null, deadline: null, lane: 'interactive', concurrencyKey: null, retry: null, tags: [], labels: [] },
  });

describe('a command is allowed', () => {
  it.each([aStart(), aStart({ prompt: 'hello' }), aTurn('t'), anInference(), anEmbedding()])(
    'without objections: $type',
    (command) => {
      expect(judge(command)).toMatchObject({
        outcome: 'allow',
        reasons: ['PERMITTED'],
        clauses: ['permit-all', 'score'],
        threshold: 0.75,
      });
    },
  );

  it('with every feature and its weight', () => {
    expect(judge(aTurn('t'))).toMatchObject({
      score: 0.92,
      features: [
        { name: 'prompt_safety', value: 1, weight: 0.6 },
        { name: 'capability_fit', value: 0.8, weight: 0.4 },
      ],
    });
  });

  it('with a caution, which is named', () => {
    const exact = judge(aTurn('t', { prompt: 'copper', capabilities: ['slm:invoke:default'] }));
    expect(exact).toMatchObject({ outcome: 'deny', score: 0.7 });
    const lenient = { ...verified, document: { ...document, threshold: 0.7 } };
    const subject = requestOf(aTurn('t', { prompt: 'copper', capabilities: ['slm:invoke:default'] }));
    expect(evaluate(permitAll, lenient, subject, 'demo')).toMatchObject({
      outcome: 'allow',
      reasons: ['PERMITTED', 'MODERATION_COPPER'],
      clauses: ['permit-all', 'score', 'moderation:careful-too'],
    });
  });

  it('exactly at the limit: of the prompt, of an embedding, of the answer', () => {
    const generous = { ...verified, document: { ...document, threshold: 0 } };
    const atLimit = [
      anInference({ prompt: 'k'.repeat(100) }),
      anEmbedding({ input: ['k'.repeat(200)] }),
      anInference({ maxTokens: 50 }),
    ];
    for (const command of atLimit)
      expect(evaluate(permitAll, generous, requestOf(command), 'demo').reasons).toEqual(['PERMITTED']);
  });

  it('with every capability that it needs', () => {
    expect(judge(aJob(['jobs:start:*', 'jobs:lane:interactive'])).outcome).toBe('allow');
    expect(judge(aJob([])).clauses).toEqual(
      expect.arrayContaining(['capability:jobs:start:report', 'capability:jobs:lane:interactive']),
    );
  });

  it('without a capability when no work would run', () => {
    expect(judge(aStart({ capabilities: [] })).outcome).toBe('allow');
  });
});

describe('a command is denied', () => {
  it.each([
    ['MODERATION_GOLD', aTurn('t', { prompt: 'All that GOLD' })],
    ['MODERATION_GOLD', anEmbedding({ input: ['fine', 'gold'] })],
    ['CAPABILITY_MISSING', aTurn('t', { capabilities: ['slm:embed:*'] })],
    ['CAPABILITY_MISSING', aTurn('t', { model: 'large', capabilities: ['slm:invoke:small'] })],
    ['CAPABILITY_MISSING', anEmbedding({ capabilities: ['slm:invoke:*'] })],
    ['CAPABILITY_MISSING', aJob(['jobs:start:*'])],
    ['PERSONA_UNKNOWN', aStart({ persona: 'oracle' })],
    ['MODEL_NOT_ALLOWED', anInference({ model: 'huge' })],
    ['PROMPT_EMPTY', anInference({ prompt: ' \n' })],
    ['PROMPT_TOO_LONG', anInference({ prompt: 'k'.repeat(101) })],
    ['PROMPT_TOO_LONG', anEmbedding({ input: ['k'.repeat(100), 'k'.repeat(100)] })],
    ['MAX_TOKENS_TOO_LARGE', anInference({ maxTokens: 51 })],
    ['SCORE_BELOW_THRESHOLD', aTurn('t', { prompt: 'silver and copper' })],
  ])('%s', (reason, command) => {
    expect(judge(command)).toMatchObject({ outcome: 'deny', reasons: expect.arrayContaining([reason]) });
    expect(judge(command).reasons[0]).toBe(reason);
  });

  it.each<[string, RuleVerdict, readonly string[], readonly string[]]>([
    ['a rule forbids', { outcome: 'forbid', clauses: ['forbid-others'] }, ['RULE_FORBIDS'], ['forbid-others']],
    ['a rule with a code', { outcome: 'forbid', clauses: ['forbid-some'] }, ['HOUSE_RULE'], ['forbid-some']],
    ['no rule permits', { outcome: 'no-permit', clauses: [] }, ['NO_PERMIT'], []],
    ['a rule fails', { outcome: 'error', clauses: ['permit-all'] }, ['RULE_ERROR'], ['permit-all']],
  ])('when %s', (_, verdict, reasons, clauses) => {
    expect(judge(aTurn('t'), () => verdict)).toMatchObject({ outcome: 'deny', reasons, clauses });
  });

  it.each([
    ['personas', aStart({ persona: 'oracle' })],
    ['models', anInference({ model: 'huge' })],
    ['limits', anInference({ prompt: ' ' })],
    ['limits', anInference({ prompt: 'k'.repeat(101) })],
    ['limits', anInference({ maxTokens: 51 })],
  ])('under the clause %s, which is named', (clause, command) => {
    expect(judge(command).clauses).toContain(clause);
  });

  it('once for a forbidden text, and not again as a caution', () => {
    const { reasons, clauses } = judgePrompt('gold and silver');
    expect(reasons).toEqual(['MODERATION_GOLD', 'SCORE_BELOW_THRESHOLD', 'MODERATION_SILVER']);
    expect(clauses).toEqual(['moderation:no-gold', 'score', 'moderation:careful']);
  });

  it('with all objections, the deciding reason first', () => {
    const verdict = judge(aTurn('t', { prompt: 'gold and silver', persona: 'oracle', capabilities: [] }), () => ({
      outcome: 'no-permit',
      clauses: [],
    }));
    expect(verdict.reasons).toEqual([
      'MODERATION_GOLD',
      'CAPABILITY_MISSING',
      'PERSONA_UNKNOWN',
      'NO_PERMIT',
      'SCORE_BELOW_THRESHOLD',
      'MODERATION_SILVER',
    ]);
    expect(verdict.clauses).toEqual([
      'moderation:no-gold',
      'capability:slm:invoke:default',
      'personas',
      'score',
      'moderation:careful',
    ]);
  });

  it('for words hidden from the rules', () => {
    for (const prompt of ['g\u200bo\u00adld', 'ｇｏｌｄ', '𝗴𝗼𝗹𝗱'])
      expect(judgePrompt(prompt).reasons[0]).toBe('MODERATION_GOLD');
  });
});

it('rules see the command, not its text', () => {
  const engine = engineWith();
  const command = aTurn('t', { prompt: 'silver', model: 'large', maxTokens: 20 });
  evaluate(engine.rule, verified, requestOf(command), 'acme');
  expect(engine.requests).toEqual([
    {
      principal: 'key-1',
      tenant: 'acme',
      action: 'SubmitTurn',
      resource: { type: 'Model', id: 'large' },
      context: {
        tenant: 'acme',
        persona: 'guide',
        prompt_chars: 6,
        max_tokens: 20,
        calls: 0,
        capabilities: ['slm:invoke:*'],
        moderation: ['MODERATION_SILVER'],
        labels: [],
        session_labels: [],
        flow_labels: [],
        integrity: 'trusted',
        confidentiality: 'public',
        effect: '',
      },
    },
  ]);
});

it('any command gets a verdict with a score from 0 to 1, the same each time', () => {
  const commands = fc
    .constantFrom(...governedActions)
    .chain((name) => recordOf(name as 'StartSession')) as fc.Arbitrary<GovernedCommand>;
  const full = {
    ...verified,
    document: {
      ...document,
      features: (
        [
          'prompt_safety',
          'prompt_length',
          'prompt_legibility',
          'token_budget',
          'capability_fit',
          'persona_known',
          'model_known',
        ] as const
      ).map((name) => ({ name, weight: 1 / 7 })),
    },
  };
  fc.assert(
    fc.property(commands, (command) => {
      const verdict = evaluate(permitAll, full, requestOf(command), 'demo');
      expect(verdict.score).toBeGreaterThanOrEqual(0);
      expect(verdict.score).toBeLessThanOrEqual(1);
      for (const { value } of verdict.features) expect(value >= 0 && value <= 1).toBe(true);
      expect(evaluate(permitAll, full, requestOf(command), 'demo')).toEqual(verdict);
    }),
    { numRuns: 200 },
  );
});
