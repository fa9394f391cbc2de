import { topics } from '../../schemas/topics.ts';
import { worker } from '../kernel.ts';

/** Runs programs to their next call, one segment of a run after the other. A slow segment delays no other run. */
export const programRunner = worker({
  name: 'program-runner',
  inputs: [topics.agentsPrograms],
  outputs: [topics.agentsSegments, topics.filesPieces],
  key: ({ data }) => data.runId,
  /** Each is a process of its own: more would take turns on the cores. */
  concurrencyMax: 8,
  /** One tenant may use three quarters of the capacity: the rest is left for other tenants. */
  tenantConcurrencyMax: 6,
  /** A segment has no effect outside: it may run again. */
  attemptsMax: 4,
  deadlineMs: 60_000,
});
