import { topics } from '../../schemas/topics.ts';
import { worker } from '../kernel.ts';

/**
 * Starts a run of each golden set that a change is a trigger of. It keeps nothing: the id of a run derives from the golden set
 * and the change, so a repeat starts no second one.
 */
export const evaluationWatcher = worker({
  name: 'evaluation-watcher',
  inputs: [topics.evaluationsChanges],
  outputs: [topics.jobsCommands],
  key: ({ data }) => data.subject,
  concurrencyMax: 4,
  tenantConcurrencyMax: 4,
  attemptsMax: 5,
  deadlineMs: 30_000,
});
