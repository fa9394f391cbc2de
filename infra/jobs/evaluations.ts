import { type Evaluation, keepEvaluation } from '../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../schemas/ids.ts';
import { topics } from '../../schemas/topics.ts';
import type { RecordDecoder } from '../kafka/decode.ts';
import { toOutgoing, traceparentOfIds } from '../kafka/envelope.ts';
import { firstPlace } from '../kafka/first-place.ts';
import type { Appender, Log } from '../kafka/port.ts';
import { systemClock } from '../kit/clock.ts';

/** Appends the verdicts of runs. */
export interface VerdictLog {
  /** Appends the verdict of a run, in the place of its golden set. The id derives from the run, so a repeat is one. */
  keepVerdict(tenantId: string, place: string | null, goldenSetId: string, run: Evaluation): Promise<void>;
  close(): Promise<void>;
}

/** Returns the verdicts of the log. */
export function verdictLog({ log, decoder }: { readonly log: Log; readonly decoder: RecordDecoder }): VerdictLog {
  let opened: Promise<Appender> | null = null;
  return {
    async keepVerdict(tenantId, place, goldenSetId, run) {
      opened ??= log.appender();
      const { name } = topics.evaluationsResults;
      const partitions = (await log.partitionCounts([name])).get(name) ?? 1;
      const id = uuidV5(KHIPU_NAMESPACE, `keep-evaluation/${tenantId}/${run.runId}`);
      const own = place ?? firstPlace(tenantId, goldenSetId, partitions);
      const outgoing = toOutgoing(decoder.codec, {
        ...{ topic: name, key: goldenSetId, record: keepEvaluation({ goldenSetId, place: own, run }), id, tenantId },
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
