import type { AnyRecord } from '../../schemas/generated/records.ts';
import { fullNames } from '../../schemas/generated/records.ts';
import { keyOf, topics } from '../../schemas/topics.ts';
import type { Table } from '../../streams/kernel.ts';
import type { SignedConstitution } from '../governance/constitution-signing.ts';
import type { RecordDecoder } from '../kafka/decode.ts';
import { toOutgoing } from '../kafka/envelope.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../kafka/ids.ts';
import type { FetchedBatch, Log } from '../kafka/log.ts';
import { isRedriven } from '../kafka/runner/dead-letter.ts';

/** Folds the constitution's topic to its end. */
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
 * Publishes a signed constitution and makes it the one in force: how a platform of one person begins, before any processor
 * runs. Afterwards the `constitution` processor alone writes here. Ids derive from its digest: doing it twice is harmless.
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
    await appender.append(
      records.map((record) => {
        const id = uuidV5(correlationId, fullNames[record.type]);
        return toOutgoing(decoder.codec, {
          topic: topics.constitutionEvents.name,
          key: keyOf(record),
          record,
          id,
          tenantId: 'khipu',
          correlationId,
          causationId: correlationId,
          timeMs: nowMs,
          traceparent: `00-${correlationId.replaceAll('-', '')}-${id.replaceAll('-', '').slice(0, 16)}-01`,
          source: 'khipu/setup',
        });
      }),
    );
  } finally {
    await appender.close();
  }
}
