import { dirname, relative } from 'node:path';
import type { MutantResult } from '@stryker-mutator/api/core';

export interface Score {
  readonly name: string;
  readonly caught: number;
  readonly missed: number;
  /** Percent of the mutants that count; 100 where there are none. */
  readonly percent: number;
}

type Judged = Pick<MutantResult, 'status' | 'fileName'>;

/** A mutant counts when a test could tell it apart: one that does not load, or that types rule out, does not. */
function scoreOf(name: string, mutants: readonly Judged[]): Score {
  const caught = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
  const missed = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').length;
  const counted = caught + missed;
  return { name, caught, missed, percent: counted === 0 ? 100 : (100 * caught) / counted };
}

export const total = (name: string, mutants: readonly Judged[]): Score => scoreOf(name, mutants);

/** One score a folder, in the order of their names. */
export function byFolder(root: string, mutants: readonly Judged[]): readonly Score[] {
  const folders = Map.groupBy(mutants, ({ fileName }) => dirname(relative(root, fileName)));
  return [...folders]
    .map(([folder, inside]) => scoreOf(folder, inside))
    .filter(({ caught, missed }) => caught + missed > 0)
    .sort((a, b) => a.name.localeCompare(b.name));
}

export const lineOf = ({ name, caught, missed, percent }: Score): string =>
  `${percent.toFixed(1).padStart(5)} %  ${name.padEnd(28)} ${caught} caught, ${missed} not`;

/** A mutant that no test caught, as a person reads it: where, and what it put there. */
export const survivorOf = (root: string, { fileName, location, mutatorName, replacement }: MutantResult): string =>
  `${relative(root, fileName)}:${location.start.line}:${location.start.column}  ${mutatorName}: ${(replacement ?? '').replaceAll(/\s+/g, ' ').slice(0, 100)}`;
