import type { MutantResult, MutantStatus } from '@stryker-mutator/api/core';
import { expect, it } from 'vitest';
import { byFolder, lineOf, total } from './score.ts';

const mutant = (fileName: string, status: MutantStatus): MutantResult => ({ fileName, status }) as MutantResult;

it('counts failed and timed-out mutants as caught, survived and uncovered ones as missed', () => {
  const mutants = (['Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored', 'RuntimeError'] as const).map((status) =>
    mutant('/p/a/x.ts', status),
  );
  expect(total('all', mutants)).toEqual({ name: 'all', caught: 2, missed: 2, percent: 50 });
  expect(total('none', [mutant('/p/a/x.ts', 'Ignored')]).percent).toBe(100);
});

it('has one score per folder', () => {
  const mutants = [mutant('/p/b/x.ts', 'Killed'), mutant('/p/a/x.ts', 'Survived'), mutant('/p/a/y.ts', 'Killed')];
  expect(byFolder('/p', mutants).map(lineOf)).toEqual([
    ' 50.0 %  a                            1 caught, 1 not',
    '100.0 %  b                            1 caught, 0 not',
  ]);
});
