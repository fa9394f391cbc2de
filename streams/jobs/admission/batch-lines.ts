/** Lines of the batch lane: how many runs of batch work of a tenant are at the workers at once. Source: ADR 0042. */

import type { JobAdmission } from '../../../schemas/generated/records.ts';
import { partitionOf } from '../../kernel/partitioner.ts';
import { partsOfPlace } from '../../kernel/place.ts';
import { noLimits } from './limits.ts';

/**
 * Lines of a place. A queue is part of the state of its key and is written whole with each change: sixteen short ones cost a
 * sixteenth of one long one.
 */
const LINES = 16;
/**
 * Runs of a line at once: 64 in a place, more than the batch work that a worker has at once in a partition (48), so that no
 * worker waits for the next one. A place has a partition to itself on a platform of 16 or more.
 */
const LINE_RUNS_MAX = 4;

/** The job of a run: its id, its tenant, the queue of its workers and its place; null outside of places. */
interface Of {
  readonly jobId: string;
  readonly tenantId: string;
  readonly queue: string;
  readonly place: string | null;
}

/** Returns the slots that the runs of a job of the batch lane ask for, when it has no limits of its own. */
export function batchLineOf({ jobId, tenantId, queue, place }: Of): JobAdmission {
  const number = place === null ? 0 : (partsOfPlace(place)?.number ?? 0);
  // The hash of the id alone has chosen the place already.
  const line = partitionOf(`line ${jobId}`, LINES);
  return {
    slotKey: `${tenantId}/~batch/${queue}/${number}/${line}`,
    limits: { ...noLimits, max: LINE_RUNS_MAX, isPerRun: true },
  };
}
