/** Candidates for the next slot of a key: jobs alone, and starts that one job runs together. */

import { JOB_BATCH_BYTES_MAX } from '../../../schemas/contexts/jobs.ts';
import type { JobLimits } from '../../../schemas/generated/records.ts';
import type { Waiting } from './waiting.ts';

/** Jobs that get one slot together, the oldest first. The first one holds it; of a batch it runs the inputs of all. */
export type Together = readonly [Waiting, ...Waiting[]];

/** Jobs that may get a slot together, from `readyMs` on, ms since 1970. */
export interface Candidate {
  readonly jobs: Together;
  readonly readyMs: number;
}

const bytesOf = ({ batch }: Waiting): number => Buffer.byteLength(batch?.input ?? '');

/** Returns the starts of a group that fit into one batch: at most `max`, and JOB_BATCH_BYTES_MAX as one array; one at least. */
function fitting([first, ...others]: Together, max: number): Together {
  const taken: [Waiting, ...Waiting[]] = [first];
  // Brackets and commas count.
  let bytes = 2 + bytesOf(first);
  for (const each of others) {
    bytes += 1 + bytesOf(each);
    if (taken.length >= max || bytes > JOB_BATCH_BYTES_MAX) break;
    taken.push(each);
  }
  return taken;
}

/** A batch that can take no further start waits for none. */
function batchOf(group: Together, max: number): Candidate {
  const jobs = fitting(group, max);
  const isFull = jobs.length >= max || jobs.length < group.length;
  return { jobs, readyMs: isFull ? 0 : (group[0].notBefore ?? 0) };
}

/** Returns the candidates of a key in the order of their oldest jobs. O(queue). */
export function candidatesOf(
  queue: readonly Waiting[],
  { batchMax }: Pick<JobLimits, 'batchMax'>,
): readonly Candidate[] {
  const groups = new Map<string, [Waiting, ...Waiting[]]>();
  const found: (Waiting | [Waiting, ...Waiting[]])[] = [];
  for (const each of queue) {
    const group = each.batch === null ? undefined : groups.get(each.batch.group);
    if (each.batch === null) found.push(each);
    else if (group !== undefined) group.push(each);
    else {
      const begun: [Waiting, ...Waiting[]] = [each];
      groups.set(each.batch.group, begun);
      found.push(begun);
    }
  }
  return found.map((each) =>
    // A key whose type makes no batches any more runs each start alone.
    'jobId' in each ? { jobs: [each], readyMs: each.notBefore ?? 0 } : batchOf(each, batchMax ?? 1),
  );
}
