import { expect, it } from 'vitest';
import { allowed } from '../testing.ts';
import { denialDetail, refusalCode } from './denial.ts';

const denial = (changes: Partial<typeof allowed>): string => denialDetail({ ...allowed, outcome: 'deny', ...changes });

it('names constitution, reason and clause in one sentence', () => {
  expect(denial({ reasons: ['NO_PERMIT'], clauses: [] })).toBe(
    'Refused by constitution 1.0.0: no rule permits it [NO_PERMIT].',
  );
});

it('shows the score where it decided', () => {
  expect(denial({ reasons: ['SCORE_BELOW_THRESHOLD'], clauses: ['score'], score: 0.7075 })).toBe(
    'Refused by constitution 1.0.0: the score is below the threshold (0.708 of 0.750) [SCORE_BELOW_THRESHOLD, clause score].',
  );
});

it('names what else stood against it', () => {
  expect(denial({ reasons: ['PROMPT_EMPTY', 'NO_PERMIT'], clauses: ['limits'] })).toContain('; also NO_PERMIT.');
});

it('shows a code of the constitution’s own as it is, and needs no constitution', () => {
  expect(denial({ reasons: ['HOUSE_RULE_7'], clauses: ['seven'], constitutionVersion: '' })).toBe(
    'Refused [HOUSE_RULE_7, clause seven].',
  );
  expect(denial({ reasons: [], clauses: [] })).toContain('[UNKNOWN]');
});

it('tells an engine that gave no decision from one that denied', () => {
  const codeOf = (reason: string) => refusalCode({ ...allowed, outcome: 'deny', reasons: [reason] });
  expect(codeOf('POLICY_ENGINE_UNAVAILABLE')).toBe('POLICY_ENGINE_UNAVAILABLE');
  expect(codeOf('POLICY_ENGINE_INVALID')).toBe('POLICY_ENGINE_INVALID');
  expect(codeOf('POLICY_ENGINE_DENIED')).toBe('POLICY_DENIED');
  expect(denial({ reasons: ['POLICY_ENGINE_DENIED'], clauses: ['engine:freeze'] })).toBe(
    'Refused by constitution 1.0.0: the outside policy engine denies it [POLICY_ENGINE_DENIED, clause engine:freeze].',
  );
});

it('gives a kill switch a code of its own, and everything else that of the policy', () => {
  const reasons = ['KILL_SWITCH'];
  expect(refusalCode({ ...allowed, outcome: 'deny', reasons })).toBe('KILL_SWITCH');
  expect(refusalCode({ ...allowed, outcome: 'deny', reasons: ['NO_PERMIT', 'KILL_SWITCH'] })).toBe('POLICY_DENIED');
  expect(denial({ reasons, clauses: ['kill-switch:global'], constitutionVersion: '' })).toBe(
    'Refused: new work is stopped [KILL_SWITCH, clause kill-switch:global].',
  );
});

it.each([
  ...['CONSTITUTION_UNVERIFIED', 'CAPABILITY_MISSING', 'PERSONA_UNKNOWN', 'MODEL_NOT_ALLOWED', 'PROMPT_EMPTY'],
  ...['PROMPT_TOO_LONG', 'MAX_TOKENS_TOO_LARGE', 'RULE_FORBIDS', 'RULE_ERROR', 'NO_PERMIT', 'SCORE_BELOW_THRESHOLD'],
  ...['REQUEST_TOO_COSTLY', 'CAPABILITY_NOT_FOR_SESSIONS', 'MODERATION_SECRETS', 'MODERATION_WEAPONS'],
  ...['MODERATION_SELF_HARM', 'MODERATION_MALWARE', 'KILL_SWITCH', 'POLICY_ENGINE_DENIED'],
  ...['POLICY_ENGINE_UNAVAILABLE', 'POLICY_ENGINE_INVALID'],
])('tells a person what %s means', (code) => {
  expect(denial({ reasons: [code], clauses: [] })).toMatch(/^Refused by constitution 1\.0\.0: [a-z][a-z ,;]{10,}/);
});
