import { hash } from 'node:crypto';
import { contentIdOf, pieceIdOf } from '../../../schemas/contexts/files.ts';
import { namedIn } from '../../../schemas/contexts/jobs/payload.ts';
import { stepKey } from '../../../schemas/contexts/jobs/step-name.ts';
import type { JobEntry } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Decoded } from '../../kafka/envelope.ts';
import type { FetchedBatch, Log } from '../../kafka/port.ts';
import { codeOf } from '../../kit/errors.ts';
import { parsedOf } from '../engine/payload.ts';
import { JobError } from '../sdk/errors.ts';
import { fromEntry, type JobHistory } from './history.ts';

/** A life as the log has it: payloads are JSON, or its names. */
interface Life {
  readonly tenantId: string;
  readonly type: string;
  readonly version: number;
  readonly input: string;
  status: JobHistory['status'];
  output: string | null;
  code: string | null;
}

/**
 * Reads the life of a job from the log: its start and end from jobs.events, its journal from jobs.journal, payloads above 64
 * KiB from files.pieces. Returns null for an unknown job. Reads the first two topics whole, and the third when it is needed.
 * Rejects with REGISTRY_UNAVAILABLE, and with JobError JOB_CONTENT_NOT_READABLE for a payload that the log does not have.
 */
export async function readHistory(log: Log, decoder: RecordDecoder, jobId: string): Promise<JobHistory | null> {
  const life = await readLife(log, decoder, jobId);
  if (life === null) return null;
  const kept: JobEntry[] = [];
  await readOf(log, decoder, topics.jobsJournal.name, ({ record }) => {
    if (record.type === 'JobEntryKept' && record.data.jobId === jobId) kept.push(record.data.entry);
  });
  const entries = latest(kept);
  const { tenantId, type, version, input, status, output, code } = life;
  const whole = await readPayloads(log, decoder, tenantId, [input, output, ...entries.map((entry) => entry.output)]);
  return {
    ...{ job_id: jobId, type, version, input: parsedOf(whole(input)), status, code },
    output: output === null ? null : parsedOf(whole(output)),
    entries: entries.map((entry) => fromEntry({ ...entry, output: whole(entry.output) })),
  };
}

async function readLife(log: Log, decoder: RecordDecoder, jobId: string): Promise<Life | null> {
  let life: Life | null = null;
  await readOf(log, decoder, topics.jobsEvents.name, ({ record, meta: { tenantId } }) => {
    switch (record.type) {
      case 'JobAccepted': {
        const { type, version, input } = record.data;
        if (record.data.jobId === jobId)
          life = { tenantId, type, version, input, status: 'running', output: null, code: null };
        return;
      }
      case 'JobRetried':
        if (life !== null && record.data.jobId === jobId) Object.assign(life, { status: 'running', code: null });
        return;
      case 'JobCompleted':
        if (life === null || record.data.jobId !== jobId) return;
        Object.assign(life, { status: 'completed', output: record.data.output });
        return;
      case 'JobFailed':
      case 'JobDead':
        if (life === null || record.data.jobId !== jobId) return;
        Object.assign(life, { status: 'failed', code: record.data.code });
        return;
    }
  });
  return life;
}

type Whole = (payload: string | null) => string | null;

/** Resolves with a function that returns the JSON of a payload. Throws JobError JOB_CONTENT_NOT_READABLE. */
async function readPayloads(
  log: Log,
  decoder: RecordDecoder,
  tenantId: string,
  payloads: readonly (string | null)[],
): Promise<Whole> {
  const digests = new Set(payloads.flatMap((payload) => namedIn(payload)?.digest ?? []));
  const pieces = new Map<string, Buffer>();
  if (digests.size > 0)
    await readOf(log, decoder, topics.filesPieces.name, ({ record }) => {
      if (record.type !== 'FilePiece') return;
      const { contentId, digest, piece, bytes } = record.data;
      if (digests.has(digest) && contentId === contentIdOf(tenantId, digest))
        pieces.set(pieceIdOf(digest, piece), Buffer.from(bytes, 'base64'));
    });
  return (payload) => {
    const content = namedIn(payload);
    if (content === null) return payload;
    const all = Array.from({ length: content.pieces }, (_, n) => pieces.get(pieceIdOf(content.digest, n)));
    const bytes = Buffer.concat(all.map((piece) => piece ?? Buffer.alloc(0)));
    if (hash('sha256', bytes, 'hex') === content.digest) return bytes.toString();
    throw new JobError('JOB_CONTENT_NOT_READABLE', `the log does not have all pieces of ${content.digest}`);
  };
}

/** Returns the last entry of each key, in the order in which they were kept. */
function latest(entries: readonly JobEntry[]): readonly JobEntry[] {
  const kept = new Map<string, JobEntry>();
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
