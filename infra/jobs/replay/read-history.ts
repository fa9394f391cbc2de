import { stepKey } from '../../../schemas/contexts/jobs/step-name.ts';
import { topics } from '../../../schemas/topics.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Decoded } from '../../kafka/envelope.ts';
import type { FetchedBatch, Log } from '../../kafka/port.ts';
import { codeOf } from '../../kit/errors.ts';
import { parsedOf } from '../engine/payload.ts';
import { fromEntry, type JobHistory } from './history.ts';

/** A history, and the jobs that it was read beside. */
type Mutable = { -readonly [K in keyof JobHistory]: JobHistory[K] };

/**
 * Reads the life of a job from the log: its start and end from jobs.events, its journal from jobs.journal. Returns null
 * for an unknown job; that of the job that ran its input for one in a batch. Reads both topics whole. Rejects with
 * REGISTRY_UNAVAILABLE.
 */
export async function readHistory(log: Log, decoder: RecordDecoder, jobId: string): Promise<JobHistory | null> {
  let history: Mutable | null = null;
  let batchId: string | null = null;
  await readOf(log, decoder, topics.jobsEvents.name, ({ record }) => {
    switch (record.type) {
      case 'JobAccepted': {
        const { type, version, input } = record.data;
        if (record.data.jobId !== jobId) return;
        history = {
          ...{ job_id: jobId, type, version, input: parsedOf(input), status: 'running', output: null, code: null },
          ...{ is_batch: false, entries: [] },
        };
        return;
      }
      case 'JobBatchBegun':
        if (history !== null && record.data.jobId === jobId)
          Object.assign(history, { input: parsedOf(record.data.input), is_batch: true });
        return;
      case 'JobBatched':
        if (record.data.jobId === jobId) batchId = record.data.batchId;
        return;
      case 'JobBatchLeft':
        if (record.data.jobId === jobId) batchId = null;
        return;
      case 'JobRetried':
        if (history !== null && record.data.jobId === jobId) Object.assign(history, { status: 'running', code: null });
        return;
      case 'JobCompleted':
        if (history === null || record.data.jobId !== jobId) return;
        Object.assign(history, { status: 'completed', output: parsedOf(record.data.output) });
        return;
      case 'JobFailed':
      case 'JobDead':
        if (history === null || record.data.jobId !== jobId) return;
        Object.assign(history, { status: 'failed', code: record.data.code });
        return;
    }
  });
  const found = history as Mutable | null;
  if (found === null) return null;
  if (batchId !== null) return readHistory(log, decoder, batchId);
  const entries: JobHistory['entries'] = [];
  await readOf(log, decoder, topics.jobsJournal.name, ({ record }) => {
    if (record.type === 'JobEntryKept' && record.data.jobId === jobId) entries.push(fromEntry(record.data.entry));
  });
  return { ...found, entries: latest(entries) };
}

/** Returns the last entry of each key, in the order in which they were kept. */
function latest(entries: JobHistory['entries']): JobHistory['entries'] {
  const kept = new Map<string, JobHistory['entries'][number]>();
  for (const entry of entries) {
    const key = stepKey(entry);
    kept.delete(key);
    kept.set(key, entry);
  }
  return [...kept.values()];
}

/** Calls `onRecord` with each record of a topic, each partition in order. Records that cannot be decoded are skipped. */
async function readOf(
  log: Log,
  decoder: RecordDecoder,
  topic: string,
  onRecord: (decoded: Decoded) => void,
): Promise<void> {
  const from = (await log.watermarks([topic])).map(({ partition, low }) => ({ topic, partition, offset: low }));
  let reading = Promise.resolve();
  const take = async ({ records }: FetchedBatch): Promise<void> => {
    for (const record of records) {
      const decoded = await decoder.decode(record).catch((error: unknown) => {
        if (codeOf(error) === 'REGISTRY_UNAVAILABLE') throw error;
        return null;
      });
      if (decoded !== null) onRecord(decoded);
    }
  };
  await log.readTo({
    from,
    onBatch: (batch) => {
      reading = reading.then(() => take(batch));
      return reading;
    },
  });
  await reading;
}
