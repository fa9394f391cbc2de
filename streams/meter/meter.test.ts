import { describe, expect, it } from 'vitest';
import { type SlmMetered, settleBudget, slmMetered, turnRefused } from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import type { RecordOf } from '../kernel.ts';
import { allowed, aTenant, denied, SESSION } from '../testing.ts';
import { meter } from './meter.ts';

const { given, when } = scenarios(meter);
const withBudget = aTenant([{ window: 'day', tokensMax: 1_000, costMax: null }]);

const metered = (changes: Partial<SlmMetered> = {}): RecordOf<'SlmMetered'> =>
  slmMetered({
    ...{ subjectId: SESSION, origin: 'conversation', requestId: 'turn-1', tenantId: 'demo', sessionId: SESSION },
    ...{ turnId: 'turn-1', provider: 'test', modelId: 'model-1', outcome: 'completed', latencyMs: 12 },
    ...{ tokensConsumed: { prompt: 5, completion: 7 }, timeToFirstTokenMs: 3, cost: '0.000002400', currency: 'USD' },
    ...changes,
  });
const refused = (decision: typeof allowed) =>
  turnRefused({ sessionId: SESSION, turnId: 'turn-1', sequence: 2, code: 'C', detail: 'd', decision });
const end = { tenantId: 'demo', requestId: 'turn-1' } as const;

describe('the meter', () => {
  it('tells what a request used, under its tenant', () => {
    given(withBudget)
      .when(metered())
      .then(settleBudget({ ...end, outcome: 'used', tokens: 12, cost: '0.000002400' }));
  });

  it('tells of a request that failed, too: it holds its part until then', () => {
    const nothing = { outcome: 'failed', tokensConsumed: { prompt: 0, completion: 0 }, cost: '0.000000000' } as const;
    given(withBudget)
      .when(metered(nothing))
      .then(settleBudget({ ...end, outcome: 'used', tokens: 0, cost: '0.000000000' }));
  });

  it('tells of a turn that was refused although the policy allowed it', () => {
    given(withBudget)
      .when(refused(allowed))
      .then(settleBudget({ ...end, outcome: 'unused', tokens: 0, cost: '0.000000000' }));
  });

  it('has nothing to tell of a turn that the policy denied: nothing was held for it', () => {
    given(withBudget).when(refused(denied)).then();
  });

  it('is silent about tenants that have no budget', () => {
    when(metered()).then();
    given(aTenant([])).when(metered()).then();
    expect(given(aTenant([], { tenantId: 'other' }), withBudget).when(metered()).records).toHaveLength(1);
  });
});
