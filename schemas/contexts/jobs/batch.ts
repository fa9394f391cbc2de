/** Batches of requests: what the job that runs one, and the routes that show it, have to agree on. */

/** Type of the jobs that answer batches. */
export const INFERENCE_BATCH = 'inference.batch';
/** Tag of the jobs that are batches of the OpenAI API. */
export const BATCH_TAG = 'openai:batch';

/** Signal that cancels a batch which has begun: it begins no further part. */
export const BATCH_CANCEL = 'batch.cancel';
/** Version of the handler from which it takes the signal. A batch of an earlier one is cancelled at once. */
export const BATCH_CANCEL_VERSION = 4;
/** Code of requests that a cancelled batch has not asked. */
export const BATCH_CANCELLED = 'batch_cancelled';

/** Routes whose requests a batch may have. */
export const batchEndpoints = ['/v1/chat/completions', '/v1/embeddings'] as const;
export type BatchEndpoint = (typeof batchEndpoints)[number];

/** Time that a batch has, in ms: a day. */
export const BATCH_WINDOW_MS = 24 * 60 * 60 * 1000;
export const BATCH_METADATA_MAX = 16;

/** Requests of a batch by their state. */
export interface BatchCounts {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
}

const COUNTS = /^(\d+) of (\d+) requests, (\d+) failed$/;

/** Returns the progress of a batch as its message: the completed of all, and the failed. */
export const batchProgress = ({ total, completed, failed }: BatchCounts): string =>
  `${completed} of ${total} requests, ${failed} failed`;

/** Returns the counts in such a message; null for any other. */
export function batchCountsIn(message: string): BatchCounts | null {
  const [, completed, total, failed] = COUNTS.exec(message) ?? [];
  if (completed === undefined) return null;
  return { total: Number(total), completed: Number(completed), failed: Number(failed) };
}
