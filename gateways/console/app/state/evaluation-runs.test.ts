import { expect, test } from 'vitest';
import { evaluation, evaluations } from '../../../../tests/console/recorded/evaluations.ts';
import { comparedCases, inTime } from './evaluation-runs.ts';

const runs = inTime(evaluations);

test('runs come in the order of time, and one that goes on has no place', () => {
  expect(runs.map(({ ended_at: at }) => at)).toEqual(runs.map(({ ended_at: at }) => at).toSorted());
  expect(runs).toHaveLength(evaluations.length - 1);
});

test('cases that differ between runs come first, and a case that was changed is another one', () => {
  expect(comparedCases(evaluation, runs)).toEqual([
    { caseId: 'colours', outcomes: ['passed', 'failed'], differs: true },
    { caseId: 'cords', outcomes: ['passed', 'passed'], differs: false },
    { caseId: 'knots', outcomes: ['', 'failed'], differs: false },
  ]);
});

test('a run without a result has no case', () => {
  expect(comparedCases({ ...evaluation, result: null }, runs)).toEqual([]);
});
