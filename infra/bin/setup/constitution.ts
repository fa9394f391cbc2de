import type { AnyRecord } from '../../../schemas/generated/records.ts';
import { fullNames } from '../../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../../schemas/ids.ts';
import { keyOf, topics } from '../../../schemas/topics.ts';
import type { Table } from '../../../streams/kernel.ts';
import type { SignedConstitution } from '../../governance/constitution/signing.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import { toOutgoing } from '../../kafka/envelope.ts';
import type { FetchedBatch, Log } from '../../kafka/port.ts';
import { retried } from '../../kit/retry.ts';
import { isRedriven } from '../../runner/dead-letters/write.ts';
import { NEW_TOPIC } from './topics.ts';

/** Folds the topic of a table to its end. Returns the value. Rejects with the error of the log or the registry. */
export async function readTable<Value>(log: Log, decoder: RecordDecoder, table: Table<Value>): Promise<Value> {
  const topic = table.topic.name;
  let value = table.initial;
  let folding = Promise.resolve();
  const fold = async (batch: FetchedBatch): Promise<void> => {
    for (const record of batch.records) {
      if (isRedriven(record.headers)) continue;
      const { record: decoded, meta } = await decoder.decode(record);
      value = table.evolve(value, decoded, meta);
    }
  };
  const from = (await log.watermarks([topic])).map(({ partition, low }) => ({ topic, partition, offset: low }));
  await log.readTo({
    from,
    onBatch: (batch) => {
      folding = folding.then(() => fold(batch));
      return folding;
    },
  });
  await folding;
  return value;
}

/**
 * Publishes and activates a signed constitution, before any processor runs: the start of a development platform.
 * Afterwards only the `constitution` processor writes to this topic. Ids derive from its digest, so repeating it at the
 * same time is harmless.
 */
export async function publishConstitution(
  log: Log,
  decoder: RecordDecoder,
  signed: SignedConstitution,
  nowMs: number,
): Promise<void> {
  const { version, digest, envelope } = signed;
  const correlationId = uuidV5(KHIPU_NAMESPACE, `constitution/${version}/${digest}/${nowMs}`);
  const records: readonly AnyRecord[] = [
    { type: 'ConstitutionPublished', data: { version, digest, envelope } },
    { type: 'ConstitutionActivated', data: { slot: 'active', version, digest, activatedBy: null } },
  ];
  const appender = await log.appender();
  try {
    await retried(
      () =>
        appender.append(
          records.map((record) => {
            const id = uuidV5(correlationId, fullNames[record.type]);
            return toOutgoing(decoder.codec, {
              topic: topics.constitutionEvents.name,
              key: keyOf(record),
              record,
              id,
              tenantId: 'khipu',
              place: null,
              correlationId,
              causationId: correlationId,
              timeMs: nowMs,
              traceparent: `00-${correlationId.replaceAll('-', '')}-${id.replaceAll('-', '').slice(0, 16)}-01`,
              source: 'khipu/setup',
            });
          }),
        ),
      NEW_TOPIC,
    );
  } finally {
    await appender.close();
  }
}
