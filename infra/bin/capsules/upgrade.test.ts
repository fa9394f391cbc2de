import { expect, it } from 'vitest';
import { reportText } from './upgrade.ts';

const price = { amount: '0.500000000', currency: 'EUR', meter: 'run', charged: '1.500000000' };
const row = {
  ...{ digest: 'd', cluster: 'c', passed: false, values: {}, code: null, tokens: 1 },
  ...{ case_id: '1.0.0-1', verdict: 'worse' as const, answer: 'Good day' },
};
const report: Parameters<typeof reportText>[0] = {
  ...{ check_id: 'check-1', install: 'greeter', granted: [], ended_at: '2026-11-29T10:30:00.000Z' },
  from: { capsule: 'demo/greeter@1.0.0', digest: 'd1' },
  to: { capsule: 'demo/greeter@2.0.0', digest: 'd2' },
  regression: {
    ...{ verdict: 'regress', detail: 'Worse by regex.', more_cases: null, margin: 0.1, repeats: 1, passed: 1 },
    ...{ tokens: 9, cost: 0, scorers: [] },
    cases: [row, { ...row, case_id: '1.0.0-2', code: 'POLICY_DENIED' }, { ...row, verdict: 'same' }],
  },
  what_if: {
    ...{
      from: '2026-11-01T00:00:00.000Z',
      until: '2026-11-29T00:00:00.000Z',
      runs: 3,
      changed: 2,
      tokens: 9,
      cost: '0',
    },
    reasons: [{ code: 'CAPSULE_INPUT_INVALID', runs: 2, detail: 'input/name: must be integer.', examples: ['run-1'] }],
    ...{ before: { ...price, charged: '0.000000000', meter: 'install' }, after: price },
  },
};

it('shows the verdict, the cases that became worse, and what would have changed and cost in the past', () => {
  expect(reportText(report)).toEqual([
    'from demo/greeter@1.0.0 to demo/greeter@2.0.0, sha256 d2',
    'regression: regress, 1 of 3 cases passed, a drop of 10 % is accepted: Worse by regex.',
    '  worse: 1.0.0-1: Good day',
    '  worse: 1.0.0-2: POLICY_DENIED',
    'what if: 3 runs since 2026-11-01T00:00:00.000Z, 2 would have been refused or ended earlier',
    '  CAPSULE_INPUT_INVALID: 2 runs: input/name: must be integer.',
    '  charged 0.000000000 EUR (0.500000000 by install); would have been charged 1.500000000 EUR (0.500000000 by run)',
  ]);
});
