/** Names that derive from a run. Never throw. */
import type { Run } from './state.ts';

/** Returns the id of the request to the model in the current step: another one when its form was dropped. */
export const requestIdOf = (runId: string, { step, hasForm, spec }: Pick<Run, 'step' | 'hasForm' | 'spec'>): string =>
  spec.outputSchema !== null && !hasForm ? `${runId}/${step}/text` : `${runId}/${step}`;

/** Returns the run of a request to a model. */
export function runOfRequest(requestId: string): string {
  const slash = requestId.indexOf('/');
  return slash === -1 ? requestId : requestId.slice(0, slash);
}
