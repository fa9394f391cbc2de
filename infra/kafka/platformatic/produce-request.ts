import { createAPI, ProduceAcks, produceV9, Writer } from '@platformatic/kafka';

export interface EncodedRun {
  readonly topic: string;
  readonly partition: number;
  readonly batch: Buffer;
}

/** Produce, version 9, of batches that are encoded already. */
export const produce = createAPI<
  [transactionalId: string | null, timeoutMs: number, runs: readonly EncodedRun[]],
  produceV9.ProduceResponse
>(
  0,
  9,
  (transactionalId: string | null, timeoutMs: number, runs: readonly EncodedRun[]) =>
    Writer.create()
      .appendString(transactionalId)
      .appendInt16(ProduceAcks.ALL)
      .appendInt32(timeoutMs)
      .appendArray([...Map.groupBy(runs, ({ topic }) => topic)], (w, [topic, partitions]) => {
        w.appendString(topic).appendArray(partitions, (inner, { partition, batch }) => {
          inner.appendInt32(partition).appendBytes(batch);
        });
      })
      .appendTaggedFields(),
  produceV9.parseResponse,
);
