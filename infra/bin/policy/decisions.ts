import type { ConstitutionStatus } from '../../../schemas/contexts/constitution/document.ts';
import { topics } from '../../../schemas/topics.ts';
import type { RuleEngine } from '../../../streams/policy/rule-engine.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Decoded } from '../../kafka/envelope.ts';
import type { FetchedBatch, Log } from '../../kafka/port.ts';

/**
 * Reads a topic from its beginning to its end, each partition in order, one record at a time. Stops when `onRecord`
 * returns false. A record that cannot be decoded is skipped, as in all readers. Rejects with REGISTRY_UNAVAILABLE.
 */
async function readAll(
  log: Log,
  decoder: RecordDecoder,
  topic: string,
  onRecord: (decoded: Decoded) => boolean,
): Promise<void> {
  const from = (await log.watermarks([topic])).map(({ partition, low }) => ({ topic, partition, offset: low }));
  let wanted = true;
  let reading = Promise.resolve();
  const take = async ({ records }: FetchedBatch): Promise<void> => {
    for (const record of records) {
      if (!wanted) return;
      const decoded = await decoder.decode(record).catch(skipUndecodable);
      if (decoded !== null) wanted = onRecord(decoded);
    }
  };
  const onBatch = (batch: FetchedBatch): Promise<void> => {
    reading = reading.then(() => take(batch));
    return reading;
  };
  await log.readTo({ from, onBatch });
}

function skipUndecodable(error: unknown): null {
  if ((error as { code?: unknown }).code === 'REGISTRY_UNAVAILABLE') throw error;
  return null;
}

/** Returns every published constitution with its status under the currently trusted keys, by digest. */
export async function readConstitutions(
  log: Log,
  decoder: RecordDecoder,
  verify: RuleEngine['verify'],
): Promise<ReadonlyMap<string, ConstitutionStatus>> {
  const found = new Map<string, ConstitutionStatus>();
  await readAll(log, decoder, topics.constitutionEvents.name, ({ record }) => {
    if (record.type === 'ConstitutionPublished') found.set(record.data.digest, verify(record.data));
    return true;
  });
  return found;
}

/** Reads `policy.decisions` from its beginning to its end; stops when `onRecord` returns false. */
export const readDecisions = (log: Log, decoder: RecordDecoder, onRecord: (decoded: Decoded) => boolean) =>
  readAll(log, decoder, topics.policyDecisions.name, onRecord);
