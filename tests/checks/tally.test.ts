import { describe, expect, it } from 'vitest';
import { add, coverageShares, failedFilesOf, failuresOf, lineOf, tallyVitest, withSecondRun } from './tally.ts';

const file = (status: string, ...tests: readonly string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});
const report = (passed: number, failed: number, pending: number, ...testResults: readonly unknown[]): string =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: 1,
    testResults,
  });

describe('the count of a run', () => {
  it('equals vitest’s count', () => {
    expect(tallyVitest(report(7, 2, 3, file('failed', 'passed', 'failed')), false)).toEqual({
      passed: 7,
      failed: 2,
      skipped: 4,
    });
  });

  it('counts a file that did not load as a failure', () => {
    expect(tallyVitest(report(7, 0, 0, file('passed', 'passed'), file('failed')), false).failed).toBe(1);
  });

  it('counts a failed run without a failed test as a failure', () => {
    expect(tallyVitest(report(7, 0, 0, file('passed', 'passed')), false).failed).toBe(1);
  });

  it('counts a run without tests or without a report as a failure', () => {
    expect(tallyVitest(report(0, 0, 0), true).failed).toBe(1);
    expect(tallyVitest(undefined, true).failed).toBe(1);
  });

  it('lists failures with their reasons, including broken files', () => {
    const failed = { status: 'failed', fullName: 'adds up', failureMessages: ['expected 1 to be 2\n at x'] };
    const testResults = [
      { name: '/p/a.test.ts', status: 'failed', assertionResults: [{ status: 'passed' }, failed] },
      { name: '/p/b.test.ts', status: 'failed', message: 'the broker did not start', assertionResults: [] },
      { name: '/p/c.test.ts', status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    expect(failuresOf(JSON.stringify({ testResults }), '/p')).toEqual([
      'a.test.ts: adds up\n      expected 1 to be 2\n       at x',
      'b.test.ts\n      the broker did not start',
    ]);
    expect(failuresOf(undefined, '/p')).toEqual([]);
  });

  describe('with a second run of the files that failed', () => {
    const named = (name: string, ...statuses: readonly string[]) => ({
      ...file(statuses.includes('failed') ? 'failed' : 'passed', ...statuses),
      name: `/p/${name}`,
    });
    const first = report(3, 2, 0, named('a.test.ts', 'passed', 'failed'), named('b.test.ts', 'failed'), {
      ...named('c.test.ts', 'passed', 'passed', 'todo'),
    });

    it('names these files', () => {
      expect(failedFilesOf(first, '/p')).toEqual(['a.test.ts', 'b.test.ts']);
      expect(failedFilesOf(undefined, '/p')).toEqual([]);
    });

    it('counts what fails twice, and every test once', () => {
      const again = report(2, 1, 0, named('a.test.ts', 'passed', 'passed'), named('b.test.ts', 'failed'));
      const both = withSecondRun(first, again);
      expect(tallyVitest(both, false)).toEqual({ passed: 4, failed: 1, skipped: 1 });
      expect(failedFilesOf(both, '/p')).toEqual(['b.test.ts']);
    });

    it('keeps the failure of a file that the second run does not hold', () => {
      const again = report(2, 0, 0, named('a.test.ts', 'passed', 'passed'));
      expect(tallyVitest(withSecondRun(first, again), false).failed).toBe(1);
    });

    it('is a failure when it failed without a failed test', () => {
      const again = report(3, 0, 0, named('a.test.ts', 'passed', 'passed'), named('b.test.ts', 'passed'));
      expect(tallyVitest(withSecondRun(first, again), false).failed).toBe(1);
      expect(tallyVitest(withSecondRun(first, again), true).failed).toBe(0);
    });
  });

  it('is printed in one line', () => {
    const sum = add({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 });
    expect(lineOf(sum)).toBe('11 passed, 22 failed, 33 skipped');
  });
});

describe('coverage', () => {
  const lines = (total: number, covered: number) => ({ lines: { total, covered } });

  it('has a bound for all lines and a stricter one for the processors', () => {
    const json = JSON.stringify({
      total: lines(1000, 1000),
      '/p/streams/kernel.ts': lines(100, 94),
      '/p/infra/config.ts': lines(100, 66),
    });
    expect(coverageShares(json, '/p').map(({ percent, ok }) => [percent, ok])).toEqual([
      [80, true],
      [94, false],
    ]);
  });

  it('without lines is not covered', () => {
    expect(coverageShares('{"total": {"lines": {"total": 0, "covered": 0}}}', '/p').every(({ ok }) => !ok)).toBe(true);
  });
});
