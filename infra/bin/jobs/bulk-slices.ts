import { JOB_BULK_BYTES_MAX, JOB_BULK_MAX } from '../../../schemas/contexts/jobs.ts';
import { failure } from '../failure.ts';

/** Bytes of a request beside its items. */
const REST_BYTES = 64 * 1024;

/** An item of a bulk start, as the API has it. */
export interface BulkItem {
  readonly input?: unknown;
  readonly run_at?: string;
  readonly concurrency_key?: string;
  readonly tags?: string[];
}

function itemOf(text: string, number: number): BulkItem {
  let item: unknown;
  try {
    item = JSON.parse(text);
  } catch {
    item = null;
  }
  if (typeof item === 'object' && item !== null && !Array.isArray(item)) return item;
  throw failure('USAGE', `line ${number} is no JSON object such as {"input": {}}`);
}

/**
 * Yields the items of NDJSON in slices, each within the bounds of one request; empty lines are skipped. Throws USAGE with
 * the number of a line that is no JSON object.
 */
export function* slicesOf(ndjson: string): Generator<readonly BulkItem[], void, undefined> {
  let slice: BulkItem[] = [];
  let bytes = 0;
  for (const [at, line] of ndjson.split('\n').entries()) {
    const text = line.trim();
    if (text === '') continue;
    const item = itemOf(text, at + 1);
    // As it is sent: JSON of a value may be longer than its text in the file.
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (slice.length > 0 && (slice.length >= JOB_BULK_MAX || bytes + size > JOB_BULK_BYTES_MAX - REST_BYTES)) {
      yield slice;
      [slice, bytes] = [[], 0];
    }
    slice.push(item);
    bytes += size;
  }
  if (slice.length > 0) yield slice;
}
