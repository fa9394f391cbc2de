import type { Log, LogRecord } from '../kafka/port.ts';

/** Reads some partitions of a topic from their beginning to their end, each in order. */
export async function readWhole(
  log: Log,
  topic: string,
  partitions: readonly number[],
  take: (record: LogRecord) => void,
): Promise<void> {
  const marks = await log.watermarks([topic]);
  await log.readTo({
    from: marks
      .filter(({ partition }) => partitions.includes(partition))
      .map(({ partition, low }) => ({ topic, partition, offset: low })),
    onBatch: ({ records }) => records.forEach(take),
  });
}
