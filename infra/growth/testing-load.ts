import { uuidV5 } from '../../schemas/ids.ts';
import { type Topic, topics } from '../../schemas/topics.ts';
import { partitionOfPlace, placeOf } from '../../streams/kernel/place.ts';
import { PLACE } from '../kafka/envelope.ts';
import type { LogRecord, OutgoingRecord } from '../kafka/port.ts';
import { deadLetter, note, recordNameOf } from '../runner/dead-letters/write.ts';

const NAMESPACE = '6b687069-7500-5000-8000-67726f777468';
export const TENANTS = ['acme', 'globex', 'initech'];
const SESSIONS = 8;

/** Returns the records of a topic: of every session of every tenant some, interleaved. */
export const recordsOf = (topic: Topic, rounds: number): readonly OutgoingRecord[] =>
  Array.from({ length: rounds }, (_, round) =>
    TENANTS.flatMap((tenantId) =>
      Array.from({ length: SESSIONS }, (__, n): OutgoingRecord => {
        const key = `${tenantId}-${n}`;
        const place = placeOf(tenantId, key, 16);
        const placedBy = { key: undefined, tenant: tenantId, place }[topic.partitionedBy];
        return {
          ...{ topic: topic.name, partition: null, key },
          ...(placedBy !== undefined && { placedBy }),
          value: Buffer.from(`${topic.name} ${key} ${round}`),
          headers: {
            ce_id: uuidV5(NAMESPACE, `${topic.name}/${key}/${round}`),
            ce_tenantid: tenantId,
            [PLACE]: place,
          },
          timestampMs: 1_700_000_000_000 + round,
        };
      }),
    ),
  ).flat();

/** Returns the state of each session, where its events are. */
export const statesIn = (partitions: number): readonly OutgoingRecord[] =>
  recordsOf(topics.sessionsEvents as Topic, 1).map((event) => ({
    ...{ topic: topics.sessionsState.name, key: event.key, headers: {} },
    partition: partitionOfPlace(event.placedBy ?? event.key ?? '', partitions),
    value: Buffer.from(`state of ${event.key}`),
  }));

/** Returns a dead letter of every record, and a note on each second one. */
export const lettersOf = (records: readonly LogRecord[]): readonly OutgoingRecord[] =>
  records.flatMap((record, n) => {
    const letter = deadLetter(record, 'policy', new Error('poison'), 1);
    return n % 2 === 0
      ? [letter]
      : [letter, note({ ...record, record: recordNameOf(record) }, 'policy', 'dropped', 'ann')];
  });
