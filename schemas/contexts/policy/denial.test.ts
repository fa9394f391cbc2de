import { describe, expect, it } from 'vitest';
import { allowed, aTurn } from '../../../streams/testing.ts';
import { nothing } from '../../amount.ts';
import type { BudgetStatus } from '../../generated/records.ts';
import { denialDetail, refusalCode, refusalOf } from './denial.ts';

const denial = (changes: Partial<typeof allowed>): string => denialDetail({ ...allowed, outcome: 'deny', ...changes });

it('names constitution, reason and clause in one sentence', () => {
  expect(denial({ reasons: ['NO_PERMIT'], clauses: [] })).toBe(
    'Refused by constitution 1.0.0: no rule permits it [NO_PERMIT].',
  );
});

it('contains a deciding score', () => {
  expect(denial({ reasons: ['SCORE_BELOW_THRESHOLD'], clauses: ['score'], score: 0.7075 })).toBe(
    'Refused by constitution 1.0.0: the score is below the threshold (0.708 of 0.750) [SCORE_BELOW_THRESHOLD, clause score].',
  );
});

it('names the other reasons', () => {
  expect(denial({ reasons: ['PROMPT_EMPTY', 'NO_PERMIT'], clauses: ['limits'] })).toContain('; also NO_PERMIT.');
});

it('shows a code without a text as it is, and needs no constitution', () => {
  expect(denial({ reasons: ['HOUSE_RULE_7'], clauses: ['seven'], constitutionVersion: '' })).toBe(
    'Refused [HOUSE_RULE_7, clause seven].',
  );
  expect(denial({ reasons: [], clauses: [] })).toContain('[UNKNOWN]');
});

it('distinguishes an engine without a decision from one that denied', () => {
  const codeOf = (reason: string) => refusalCode({ ...allowed, outcome: 'deny', reasons: [reason] });
  expect(codeOf('POLICY_ENGINE_UNAVAILABLE')).toBe('POLICY_ENGINE_UNAVAILABLE');
  expect(codeOf('POLICY_ENGINE_INVALID')).toBe('POLICY_ENGINE_INVALID');
  expect(codeOf('POLICY_ENGINE_DENIED')).toBe('POLICY_DENIED');
  expect(denial({ reasons: ['POLICY_ENGINE_DENIED'], clauses: ['engine:freeze'] })).toBe(
    'Refused by constitution 1.0.0: the external policy engine denies it [POLICY_ENGINE_DENIED, clause engine:freeze].',
  );
});

it('gives transient reasons their own code, and all others POLICY_DENIED', () => {
  const reasons = ['KILL_SWITCH'];
  expect(refusalCode({ ...allowed, outcome: 'deny', reasons })).toBe('KILL_SWITCH');
  expect(refusalCode({ ...allowed, outcome: 'deny', reasons: ['NO_PERMIT', 'KILL_SWITCH'] })).toBe('POLICY_DENIED');
  expect(denial({ reasons, clauses: ['kill-switch:global'], constitutionVersion: '' })).toBe(
    'Refused: new work is stopped [KILL_SWITCH, clause kill-switch:global].',
  );
});

describe('a refusal by a budget', () => {
  const status: BudgetStatus = {
    ...{ window: 'day', tokensMax: 1_000, tokensTaken: 900, tokensLeased: 0, resetsAt: Date.UTC(2026, 0, 2) },
    ...{ costMax: null, costTaken: nothing.cost, costLeased: nothing.cost },
  };
  const refused = (reason: string, changes: Partial<BudgetStatus> = {}) =>
    refusalOf({
      command: aTurn('t'),
      decision: { ...allowed, outcome: 'deny', reasons: [reason], clauses: ['budget:day:tokens'] },
      budget: { ...nothing, tokens: 2_371, openRequests: 0, windows: [{ ...status, ...changes }], lease: null },
    });

  it('contains needed and left, and the reset', () => {
    expect(refused('BUDGET_EXCEEDED', { tokensMax: 3_000 })).toMatchObject({
      code: 'BUDGET_EXCEEDED',
      detail:
        'Refused by constitution 1.0.0: the request could exceed a budget of the tenant [BUDGET_EXCEEDED, clause budget:day:tokens]. The request needs up to 2371 tokens; the window day has 2100 left, and begins again at 2026-01-02T00:00:00.000Z.',
      shortfall: { window: 'day', tokensNeeded: 2_371, tokensLeft: 2_100, resetsAt: status.resetsAt, cause: 'spent' },
    });
  });

  it('has a code of its own when the request is larger than the whole budget', () => {
    const { code, detail, shortfall } = refused('BUDGET_TOO_SMALL');
    expect(code).toBe('BUDGET_TOO_SMALL');
    expect(detail).toMatch(/needs up to 2371 tokens; the window day has 1000 in all\.$/);
    expect(shortfall).toMatchObject({ tokensLeft: 1_000, resetsAt: null, cause: 'too_large' });
  });

  it('names the persona that the constitution does not have', () => {
    const decision = { ...allowed, outcome: 'deny', reasons: ['PERSONA_UNKNOWN'], clauses: ['personas'] } as const;
    const { detail } = refusalOf({ command: aTurn('t', { persona: 'pirate' }), decision, budget: null });
    expect(detail).toMatch(/there is no such persona, .*\. The persona is pirate\.$/);
  });

  it('lacks nothing of a budget for another reason', () => {
    expect(refused('NO_PERMIT').shortfall).toBeNull();
  });
});

it.each([
  ...['CONSTITUTION_UNVERIFIED', 'CAPABILITY_MISSING', 'PERSONA_UNKNOWN', 'MODEL_NOT_ALLOWED', 'PROMPT_EMPTY'],
  ...['PROMPT_TOO_LONG', 'MAX_TOKENS_TOO_LARGE', 'RULE_FORBIDS', 'RULE_ERROR', 'NO_PERMIT', 'SCORE_BELOW_THRESHOLD'],
  ...['REQUEST_TOO_COSTLY', 'CAPABILITY_NOT_FOR_SESSIONS', 'MODERATION_SECRETS', 'MODERATION_WEAPONS'],
  ...['MODERATION_SELF_HARM', 'MODERATION_MALWARE', 'KILL_SWITCH', 'POLICY_ENGINE_DENIED'],
  ...['BUDGET_EXCEEDED', 'BUDGET_TOO_SMALL'],
  ...['POLICY_ENGINE_UNAVAILABLE', 'POLICY_ENGINE_INVALID'],
])('tells a person what %s means', (code) => {
  expect(denial({ reasons: [code], clauses: [] })).toMatch(/^Refused by constitution 1\.0\.0: [a-z][a-z ,;]{10,}/);
});
