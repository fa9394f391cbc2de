import { type API, createAPI, ProduceAcks, produceV9, Writer } from '@platformatic/kafka';

/** An encoded batch of one partition. */
export interface EncodedRun {
  readonly topic: string;
  readonly partition: number;
  readonly batch: Buffer;
}

/** Produce, of batches that are already encoded. */
export type ProduceApi = API<
  [transactionalId: string | null, timeoutMs: number, runs: readonly EncodedRun[]],
  produceV9.ProduceResponse
>;

const PRODUCE = 0;

/** Versions 9 to 12 have the same fields. */
const produceAt = (version: number): ProduceApi =>
  createAPI(
    PRODUCE,
    version,
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

/** For appends, and for transactions whose partitions were announced (KIP-98). */
export const produceExplicit = produceAt(9);
/** The leader adds the partition to the transaction (KIP-890, part 2). */
export const produceImplicit = produceAt(12);
