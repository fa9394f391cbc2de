import { dirname, relative } from 'node:path';
import type { MutantResult } from '@stryker-mutator/api/core';

export interface Score {
  readonly name: string;
  readonly caught: number;
  readonly missed: number;
  /** Percent of the counted mutants; 100 when there are none. */
  readonly percent: number;
}

type Judged = Pick<MutantResult, 'status' | 'fileName'>;

/**
 * Returns the score. A mutant counts when a test could detect it, so not when it fails to load or is ruled out by
 * types.
 */
function scoreOf(name: string, mutants: readonly Judged[]): Score {
  const caught = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
  const missed = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').length;
  const counted = caught + missed;
  return { name, caught, missed, percent: counted === 0 ? 100 : (100 * caught) / counted };
}

export const total = (name: string, mutants: readonly Judged[]): Score => scoreOf(name, mutants);

/** Returns one score per folder, ordered by name. */
export function byFolder(root: string, mutants: readonly Judged[]): readonly Score[] {
  const folders = Map.groupBy(mutants, ({ fileName }) => dirname(relative(root, fileName)));
  return [...folders]
    .map(([folder, inside]) => scoreOf(folder, inside))
    .filter(({ caught, missed }) => caught + missed > 0)
    .sort((a, b) => a.name.localeCompare(b.name));
}

export const lineOf = ({ name, caught, missed, percent }: Score): string =>
  `${percent.toFixed(1).padStart(5)} %  ${name.padEnd(28)} ${caught} caught, ${missed} not`;

/** Formats a surviving mutant: its location and its replacement. */
export const survivorOf = (root: string, { fileName, location, mutatorName, replacement }: MutantResult): string =>
  `${relative(root, fileName)}:${location.start.line}:${location.start.column}  ${mutatorName}: ${(replacement ?? '').replaceAll(/\s+/g, ' ').slice(0, 100)}`;
