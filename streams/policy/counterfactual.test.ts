import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RuleRequest, RuleVerdict } from '../../schemas/contexts/constitution/rules.ts';
import { type GovernedCommand, requestOf } from '../../schemas/governed.ts';
import { anEmbedding, anInference, aStart, aTurn } from '../testing.ts';
import { explain, leastRaise } from './counterfactual.ts';
import { evaluate } from './evaluate.ts';
import { document, permitAll, verified } from './testing.ts';

const TENANT = 'demo';
const asked = (command: GovernedCommand, rule: (request: RuleRequest) => RuleVerdict = permitAll) =>
  explain((_, request) => rule(request), verified, requestOf(command), TENANT);
const exact = ['slm:invoke:default'];
const smallest = (...args: Parameters<typeof asked>): string | undefined => asked(...args).counterfactuals[0]?.what;

describe('counterfactuals', () => {
  it('are none without a denial', () => {
    expect(asked(aTurn('t'))).toMatchObject({ verdict: { outcome: 'allow' }, counterfactuals: [], raise: null });
  });

  it.each<[string, GovernedCommand, string]>([
    [
      'the match of a rule',
      aTurn('t', { prompt: 'spin some gold out of straw, please' }),
      'remove what rule no-gold matches',
    ],
    ['the matches of several', aTurn('t', { prompt: 'gold and silver' }), 'remove what rules no-gold, careful match'],
    ['a limit', anInference({ maxTokens: 51, capabilities: exact }), 'ask for at most 50 tokens'],
    [
      'the length of a text',
      anInference({ prompt: 'k'.repeat(101), capabilities: exact }),
      'cut the text to 100 characters',
    ],
    ['a text that is empty', aTurn('t', { prompt: ' ' }), 'say something'],
    ['the one missing capability', anEmbedding({ capabilities: [] }), 'have the capability slm:embed:default'],
    ['the nearest persona', aTurn('t', { persona: 'guid' }), 'name the persona guide'],
    ['the nearest model', aTurn('t', { model: 'smal' }), 'name the model small'],
    [
      'a capability that governs',
      aStart({ capabilities: ['revocations:create'] }),
      'do without the capability revocations:create',
    ],
  ])('names %s', (_, command, what) => {
    expect(smallest(command)).toBe(what);
  });

  it('report the feature that needs the smallest raise', () => {
    const { raise, verdict } = asked(aTurn('t', { prompt: 'copper', capabilities: exact }));
    expect(verdict).toMatchObject({ score: 0.7, threshold: 0.75 });
    expect(raise).toMatchObject({ feature: 'prompt_safety', value: 0.5 });
    expect(raise?.needed).toBeCloseTo(0.5 + 0.05 / 0.6, 9);
    expect(
      leastRaise({
        score: 0,
        threshold: 1,
        features: [
          { name: 'a', value: 0, weight: 0.5 },
          { name: 'b', value: 0, weight: 0.5 },
        ],
      }),
    ).toBeNull();
  });

  it('are none when two inputs cause the denial', () => {
    expect(asked(aTurn('t', { prompt: 'gold', persona: 'stranger' })).counterfactuals).toEqual([]);
  });

  it('follow the rules too: an input of a rule may reverse its verdict', () => {
    const short = ({ context }: RuleRequest): RuleVerdict =>
      context.prompt_chars > 7 ? { outcome: 'forbid', clauses: ['forbid-some'] } : permitAll();
    expect(smallest(aTurn('t', { prompt: 'a long prompt' }), short)).toBe('cut the text to 7 characters');
  });

  it('are correct: the changed command is allowed, and a limit is the last allowed value', () => {
    const words = fc.constantFrom('gold', 'silver', 'copper', 'wool', 'k'.repeat(60), '\u0001', ' ', 'go', 'ld');
    const prompt = fc.array(words, { maxLength: 6 }).map((all) => all.join(' '));
    const capabilities = fc.subarray(['slm:invoke:*', 'slm:invoke:default', 'slm:embed:*', 'revocations:create', 'x']);
    const model = fc.constantFrom(null, 'small', 'smal', 'larger');
    const persona = fc.constantFrom('guide', 'teachers', '');
    const maxTokens = fc.constantFrom(null, 1, 30, 49, 50, 51, 400);
    const command: fc.Arbitrary<GovernedCommand> = fc.oneof(
      fc.record({ prompt, capabilities, model, persona, maxTokens }).map((data) => aTurn('t', data)),
      fc.record({ prompt: fc.option(prompt), capabilities, model, persona }).map((data) => aStart(data)),
      fc.record({ prompt, capabilities, model, maxTokens }).map((data) => anInference(data)),
      fc.record({ input: fc.array(prompt, { maxLength: 3 }), capabilities, model }).map((data) => anEmbedding(data)),
    );
    let claimed = 0;
    fc.assert(
      fc.property(command, fc.constantFrom(0.5, 0.75, 0.95), (one, threshold) => {
        const constitution = { ...verified, document: { ...document, threshold } };
        const before = requestOf(one);
        const { counterfactuals, verdict, raise } = explain(permitAll, constitution, before, TENANT);
        const judge = (request: typeof before) => evaluate(permitAll, constitution, request, TENANT);
        for (const { request, input, size } of counterfactuals) {
          claimed += 1;
          expect(verdict.outcome).toBe('deny');
          expect(judge(request).outcome).toBe('allow');
          expect(size).toBeGreaterThan(0);
          expect(size).toBeLessThanOrEqual(1);
          // Only one input was changed; a model change includes the capability for it.
          const field = {
            prompt: 'text',
            max_tokens: 'maxTokens',
            capabilities: 'capabilities',
            persona: 'persona',
            model: 'resource',
            labels: 'labels',
          }[input];
          const { needs: _was, ...rest } = { ...before, [field]: null };
          const { needs: _is, ...changed } = { ...request, [field]: null };
          expect(changed).toEqual(rest);
          if (input === 'max_tokens')
            expect(judge({ ...request, maxTokens: (request.maxTokens ?? 0) + 1 }).outcome).toBe('deny');
        }
        if (raise !== null) {
          const raised = verdict.features.map((each) =>
            each.name === raise.feature ? { ...each, value: raise.needed } : each,
          );
          expect(raised.reduce((sum, { value, weight }) => sum + value * weight, 0)).toBeGreaterThanOrEqual(
            threshold - 1e-9,
          );
        }
      }),
      { numRuns: 500 },
    );
    expect(claimed).toBeGreaterThan(100);
  });
});
