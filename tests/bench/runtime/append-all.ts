import { LogError } from '../../../infra/kafka/errors.ts';
import type { Log, OutgoingRecord } from '../../../infra/kafka/port.ts';

const APPEND_RECORDS = 2_000;
const FAILURES_MAX = 20;
const PAUSE_MS = 500;

/**
 * Appends `count` records as fast as the log accepts them. A refused append (on a busy machine) is repeated, so there
 * may be more records in the end: read the watermarks for the number.
 */
export async function appendAll(log: Log, count: number, record: (n: number) => OutgoingRecord): Promise<void> {
  const appender = await log.appender({ lingerMs: 0, pendingMax: 4 * APPEND_RECORDS });
  let failures = 0;
  const append = async (records: readonly OutgoingRecord[]): Promise<void> => {
    for (;;) {
      try {
        return void (await appender.append(records));
      } catch (error) {
        failures += 1;
        if (!(error instanceof LogError) || error.code !== 'LOG_UNAVAILABLE' || failures > FAILURES_MAX) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  };
  const under: Promise<void>[] = [];
  for (let n = 0; n < count; n += APPEND_RECORDS) {
    const size = Math.min(APPEND_RECORDS, count - n);
    under.push(append(Array.from({ length: size }, (_, at) => record(n + at))));
    if (under.length > 2) await under.shift();
  }
  await Promise.all(under);
  await appender.close();
}

/** Returns the number of records in a topic that was written without transactions. */
export const recordsIn = async (log: Log, topic: string): Promise<number> =>
  (await log.watermarks([topic])).reduce((sum, { low, high }) => sum + high - low, 0);
