/** The journal of a job as its processor sees it: sizes only. The entries are with the job-journal processor. */

import { forkBytesOf, JOB_DETAIL_CHARS_MAX, JOB_PAYLOAD_BYTES_MAX } from '../../schemas/contexts/jobs.ts';
import {
  dropJobEntries,
  type JobEntry,
  type JobStepAttempted,
  type JobStepCompleted,
  jobStepAttempted,
  jobStepCompleted,
  keepJobEntry,
  sendJobEntries,
} from '../../schemas/generated/records.ts';
import type { RecordOf } from '../kernel.ts';
import { chunkIdOf, keyOfEntry, recordIdOf } from './keys.ts';
import type { Job, JournalSize, Output } from './state.ts';

/** Most entries of one part of a journal, and their bytes: one record and one state carry a whole part. */
export const CHUNK_ENTRIES_MAX = 64;
export const CHUNK_BYTES_MAX = 256 * 1024;
/** Bytes of an entry besides its texts. */
const ENTRY_BYTES_EXTRA = 64;

export const emptyJournal: JournalSize = { chunks: 0, entries: 0, bytes: 0 };

type EntryEvent = RecordOf<'JobStepCompleted' | 'JobStepAttempted'>;
type Sized = Pick<JobStepAttempted, 'path' | 'name' | 'code' | 'detail'> | JobStepCompleted;

const bytesOf = (text: string | null): number => (text === null ? 0 : Buffer.byteLength(text));

const entryBytes = (entry: Sized): number =>
  ENTRY_BYTES_EXTRA +
  ('outputBytes' in entry ? Math.max(0, entry.outputBytes) : 0) +
  [entry.path, entry.name, entry.code, entry.detail].reduce((sum, text) => sum + bytesOf(text), 0);

/** Returns the size of a journal with one more entry: in its last part, or in a new one when that is full. */
export const withEntry = (size: JournalSize, { data }: EntryEvent): JournalSize => withSize(size, entryBytes(data));

function withSize({ chunks, entries, bytes }: JournalSize, more: number): JournalSize {
  const isFull = chunks === 0 || entries >= CHUNK_ENTRIES_MAX || bytes + more > CHUNK_BYTES_MAX;
  return isFull
    ? { chunks: chunks + 1, entries: 1, bytes: more }
    : { chunks, entries: entries + 1, bytes: bytes + more };
}

/** Returns the entry within the bounds of a journal: a result that is too large becomes a failure. */
function bounded(entry: JobEntry): JobEntry {
  if (entry.outcome === 'attempted') return { ...entry, output: null, detail: clipped(entry.detail) };
  if (bytesOf(entry.output) <= JOB_PAYLOAD_BYTES_MAX) return { ...entry, detail: clipped(entry.detail) };
  const detail = `The result has ${bytesOf(entry.output)} bytes; ${JOB_PAYLOAD_BYTES_MAX} are allowed.`;
  return { ...entry, outcome: 'failed', output: null, code: 'JOB_OUTPUT_TOO_LARGE', detail };
}

const clipped = (detail: string | null): string | null => detail?.slice(0, JOB_DETAIL_CHARS_MAX) ?? null;

function eventOf(jobId: string, generation: number, entry: JobEntry, labels: readonly string[]): EntryEvent {
  const { kind, outcome, output, code, detail, attempts, startedAt, endedAt } = entry;
  const place = { jobId, generation, ...keyOfEntry(entry) };
  if (outcome === 'attempted')
    return jobStepAttempted({ ...place, code: code ?? 'JOB_STEP_FAILED', detail: detail ?? '', attempts });
  const result = { kind, outcome, code, detail, attempts, outputBytes: bytesOf(output), startedAt, endedAt, labels };
  return jobStepCompleted({ ...place, ...result });
}

/** Keeps an entry in the journal of a job; `labels` are those of its result. Returns the entry for its part, and the event. Never throws. */
export function keep(
  { generation, journal }: Job,
  jobId: string,
  entry: JobEntry,
  labels: readonly string[] = [],
): readonly Output[] {
  const kept = bounded(entry);
  const event = eventOf(jobId, generation, kept, labels);
  const { chunks } = withEntry(journal, event);
  return [keepJobEntry({ chunkId: chunkIdOf(jobId, chunks - 1), jobId, entry: kept }), event];
}

/** Returns the parts of a journal, and behind them those of the record of a simulated job, in order. */
const partsOf = ({ journal, spec: { simulation } }: Job, jobId: string): readonly string[] => [
  ...Array.from({ length: journal.chunks }, (_, n) => chunkIdOf(jobId, n)),
  ...Array.from({ length: simulation?.pages ?? 0 }, (_, n) => recordIdOf(jobId, n)),
];

/** Returns the requests to send a journal to the worker of a run, in the order of its parts. */
export const send = (job: Job, jobId: string, generation: number): readonly Output[] =>
  partsOf(job, jobId).map((chunkId, page) => sendJobEntries({ chunkId, jobId, generation, page }));

/** Returns the requests to drop a journal. */
export const drop = (job: Job, jobId: string): readonly Output[] =>
  partsOf(job, jobId).map((chunkId) => dropJobEntries({ chunkId, jobId }));

/** Returns the requests to keep the record of a simulated job, and the number of its parts. Never throws. */
export function keepRecord(
  jobId: string,
  entries: readonly JobEntry[],
): { readonly pages: number; readonly outputs: readonly Output[] } {
  let size = emptyJournal;
  const outputs = entries.map((each): Output => {
    const entry = bounded(each);
    size = withSize(size, ENTRY_BYTES_EXTRA + forkBytesOf(entry));
    return keepJobEntry({ chunkId: recordIdOf(jobId, size.chunks - 1), jobId, entry });
  });
  return { pages: size.chunks, outputs };
}
