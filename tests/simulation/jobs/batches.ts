import { Violation } from '../violation.ts';
import type { World } from './world.ts';

/** Above the limit of the type `batch`. */
const SIZE_MAX = 3;

/**
 * Each start is in at most one batch that has begun, with its own input, and in one when it completed: none is lost, and none
 * runs twice. A batch has at most as many starts as its type says.
 */
export function checkBatches(world: World): void {
  const starts = new Map<string, string>();
  const batchesOf = new Map<string, string[]>();
  const completed = new Set<string>();
  for (const { record } of world.driver.records('jobs.events')) {
    switch (record.type) {
      case 'JobAccepted':
        if (record.data.type === 'batch') starts.set(record.data.jobId, record.data.input);
        break;
      case 'JobBatchBegun': {
        const { jobId: batchId, input, members } = record.data;
        const ids = [batchId, ...members.map(({ jobId }) => jobId)];
        const inputs = JSON.parse(input) as readonly unknown[];
        if (ids.length > SIZE_MAX || inputs.length !== ids.length)
          throw new Violation(
            'batch-is-whole',
            `the batch ${batchId} has ${ids.length} starts, ${inputs.length} inputs`,
          );
        for (const [at, jobId] of ids.entries()) {
          batchesOf.set(jobId, [...(batchesOf.get(jobId) ?? []), batchId]);
          if (JSON.stringify(inputs[at]) !== starts.get(jobId))
            throw new Violation('batch-is-whole', `the batch ${batchId} runs ${inputs[at]} for ${jobId}`);
        }
        break;
      }
      case 'JobCompleted':
        completed.add(record.data.jobId);
        break;
      default:
        break;
    }
  }
  for (const [jobId] of starts) {
    const batches = batchesOf.get(jobId) ?? [];
    if (batches.length > 1 || (batches.length === 0 && completed.has(jobId)))
      throw new Violation(
        'batch-is-whole',
        `the start ${jobId} is in ${batches.length} batches: ${batches.join(', ')}`,
      );
  }
}
