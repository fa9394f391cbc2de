/** What the steps of a job say to people, the same in the terminal and in the console. */

import type { Schemas } from './api.ts';

type Step = Schemas['JobStepSummary'];

const waits: ReadonlySet<string> = new Set(['sleep', 'signal', 'child', 'model', 'tool', 'agent', 'retry']);

/** Returns true for a wait: no worker runs anything meanwhile. */
export const isWait = ({ kind }: Pick<Step, 'kind'>): boolean => waits.has(kind);

/** Returns what a wait is for, or why a step failed; empty when there is nothing to say. */
export function stepRemark({ status, waits_for: wait, code, detail, kind }: Step): string {
  if (code !== null) return `${code}${detail === null ? '' : `: ${detail}`}`;
  if (status !== 'waiting' || wait === null) return wait?.child_type ?? '';
  const until = wait.until === null ? '' : ` until ${wait.until}`;
  if (kind === 'signal') return `for signal ${wait.signal}${until}`;
  return wait.child_type !== null ? `for ${wait.child_type}${until}` : until.trim();
}
