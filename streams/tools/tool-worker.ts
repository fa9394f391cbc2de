import { topics } from '../../schemas/topics.ts';
import { worker } from '../kernel.ts';

/** Calls tools. A slow call delays no other call. */
export const toolWorker = worker({
  name: 'tool-worker',
  inputs: [topics.toolsWork],
  outputs: [topics.toolsResults, topics.memoryOutputs, topics.filesPieces, topics.filesWorkspaces],
  key: ({ data }) => data.callId,
  /** Far fewer than the 150 begun records whose runs the progress of a worker always keeps: no start is forgotten. */
  concurrencyMax: 32,
  /** One tenant may use three quarters of the capacity: the rest is left for other tenants. */
  tenantConcurrencyMax: 24,
  /** Runs of a call that may be repeated; an irreversible one has one run. */
  attemptsMax: 4,
  /** Longer than the longest timeout of a manifest, and of its check after it. */
  deadlineMs: 150_000,
});
