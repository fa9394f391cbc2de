import { constitutionActivated, constitutionPublished } from '../../../schemas/generated/records.ts';
import type { Table } from '../../../streams/kernel.ts';
import type { SignedConstitution } from '../../governance/constitution/signing.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { FetchedBatch, Log } from '../../kafka/port.ts';
import { isRedriven } from '../../runner/dead-letters/write.ts';
import { appendAsSetup } from './append.ts';

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
export const publishConstitution = (
  log: Log,
  decoder: RecordDecoder,
  { version, digest, envelope }: SignedConstitution,
  nowMs: number,
): Promise<void> =>
  appendAsSetup(log, decoder, nowMs, [
    {
      name: `constitution/${version}/${digest}/${nowMs}`,
      records: [
        constitutionPublished({ version, digest, envelope }),
        constitutionActivated({ slot: 'active', version, digest, activatedBy: null }),
      ],
    },
  ]);
