import { type AnyRecord, fullNames } from '../../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../../schemas/ids.ts';
import { keyOf, topicOf } from '../../../schemas/topics.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import { toOutgoing, traceparentOfIds } from '../../kafka/envelope.ts';
import type { Log, OutgoingRecord } from '../../kafka/port.ts';
import { retried } from '../../kit/retry.ts';
import { NEW_TOPIC } from './topics.ts';

/** Tenant and principal of what the set-up writes. */
export const SETUP_TENANT = 'khipu';
export const SETUP_PRINCIPAL = 'khipu/setup';

/** Records of one chain, each of another type. Their ids derive from its name. */
export interface SetupChain {
  readonly name: string;
  readonly records: readonly AnyRecord[];
}

/** Appends what a new platform begins with, in order. Rejects with the error of the log. */
export async function appendAsSetup(
  log: Log,
  { codec }: RecordDecoder,
  nowMs: number,
  chains: readonly SetupChain[],
): Promise<void> {
  const outgoing = chains.flatMap(({ name, records }): OutgoingRecord[] => {
    const correlationId = uuidV5(KHIPU_NAMESPACE, name);
    return records.map((record) => {
      const id = uuidV5(correlationId, fullNames[record.type]);
      return toOutgoing(codec, {
        topic: topicOf(record.type).name,
        key: keyOf(record),
        record,
        id,
        tenantId: SETUP_TENANT,
        place: null,
        correlationId,
        causationId: correlationId,
        timeMs: nowMs,
        traceparent: traceparentOfIds(correlationId, id),
        source: SETUP_PRINCIPAL,
      });
    });
  });
  const appender = await log.appender();
  try {
    await retried(() => appender.append(outgoing), NEW_TOPIC);
  } finally {
    await appender.close();
  }
}
