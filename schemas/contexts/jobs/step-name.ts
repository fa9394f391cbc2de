/** The name of a step or wait of a job, as one text: for people and for keys. */
import type { JobEntry } from '../../generated/records.ts';

/** Name of a step or wait: the branch of the handler, the name in it, and the use of the name, from 1. */
export type StepName = Pick<JobEntry, 'path' | 'name' | 'nth'>;

/** Returns the name as a key: no two have the same, as names contain no slash. Ids derive from it: it never changes. */
export const stepKey = ({ path, name, nth }: StepName): string => `${path}/${name}/${nth}`;

const USE = /#[1-9]\d{0,8}$/;

/**
 * Returns the name as people write it: `charge`, `charge#2` for its second use, `left/1/charge` in a branch. A first use
 * is named when the name itself ends like one: `issue #7#1`.
 */
export const stepText = ({ path, name, nth }: StepName): string =>
  `${path === '' ? '' : `${path}/`}${name}${nth === 1 && !USE.test(name) ? '' : `#${nth}`}`;

/** Returns the name that `stepText` has written, for a use below 10^9; null for a text that names no step. */
export function stepNameOf(text: string): StepName | null {
  const slash = text.lastIndexOf('/');
  const last = text.slice(slash + 1);
  const use = USE.exec(last)?.[0] ?? '';
  const name = last.slice(0, last.length - use.length);
  if (name === '' || slash === 0) return null;
  return { path: text.slice(0, Math.max(0, slash)), name, nth: use === '' ? 1 : Number(use.slice(1)) };
}
