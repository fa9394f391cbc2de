import { keepUpgradeCheck, type UpgradeCheck } from '../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../schemas/ids.ts';
import { topics } from '../../schemas/topics.ts';
import type { RecordDecoder } from '../kafka/decode.ts';
import { toOutgoing, traceparentOfIds } from '../kafka/envelope.ts';
import { firstPlace } from '../kafka/first-place.ts';
import type { Appender, Log } from '../kafka/port.ts';
import { systemClock } from '../kit/clock.ts';

/** Appends the results of checks before an upgrade. */
export interface CheckLog {
  /** Appends a result, in the place of its install. The id derives from the check, so a repeat is one. */
  keepCheck(tenantId: string, place: string | null, installId: string, check: UpgradeCheck): Promise<void>;
  close(): Promise<void>;
}

/** Returns the results of checks of the log. */
export function checkLog({ log, decoder }: { readonly log: Log; readonly decoder: RecordDecoder }): CheckLog {
  let opened: Promise<Appender> | null = null;
  return {
    async keepCheck(tenantId, place, installId, check) {
      opened ??= log.appender();
      const { name } = topics.capsulesChecks;
      const partitions = (await log.partitionCounts([name])).get(name) ?? 1;
      const id = uuidV5(KHIPU_NAMESPACE, `keep-upgrade-check/${tenantId}/${check.checkId}`);
      const own = place ?? firstPlace(tenantId, installId, partitions);
      const outgoing = toOutgoing(decoder.codec, {
        ...{ topic: name, key: installId, record: keepUpgradeCheck({ installId, place: own, check }), id, tenantId },
        ...{ place: own, source: 'khipu/job-runner', correlationId: id, causationId: id, timeMs: systemClock.now() },
        traceparent: traceparentOfIds(id, id),
      });
      await (await opened).append([outgoing]);
    },
    close: async () => {
      await (await opened)?.close();
    },
  };
}
