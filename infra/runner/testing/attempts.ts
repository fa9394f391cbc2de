import type { Worker } from '../../../streams/kernel.ts';
import { LogError } from '../../kafka/errors.ts';
import type { LogRecord } from '../../kafka/port.ts';
import { Attempts } from '../worker/attempts.ts';
import type { KeyQueue } from '../worker/key-queues.ts';
import { Outbox } from '../worker/outbox.ts';
import { Progress } from '../worker/progress.ts';
import { quiet, watch } from './by-hand.ts';
import { partsOf, recordAt } from './worker.ts';

const queueOf = (record: LogRecord): KeyQueue => ({
  ...{ key: record.key, countedFor: undefined, records: [record], cancels: [], cancelled: () => undefined },
});

/** Returns the attempts of a partition in which the offsets 0 to 9 were read; those below `inheritedTo` at its takeover. */
export async function open(over: Partial<Worker> = {}, metadata = '', inheritedTo = 10) {
  const parts = partsOf(over, new Progress(0, metadata));
  parts.progress.passTo(10, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const stop = new AbortController();
  const abort = new AbortController();
  const outbox = new Outbox(parts);
  const attempts = new Attempts({
    ...{ ...parts, outbox, stopping: stop.signal, aborted: abort.signal },
    isInherited: (offset) => offset < inheritedTo,
  });
  await quiet();
  return {
    ...{ ...parts, attempts, outbox, stop },
    /** Takes the partition away. */
    lose: (): Promise<void> => {
      outbox.drop();
      abort.abort(new LogError('FENCED', 'lost'));
      return quiet();
    },
    settle: async (record: LogRecord = recordAt(0, 'a', 'x'), queue = queueOf(record)) => {
      const settled = watch(attempts.settle(record, queue));
      await quiet();
      return settled;
    },
    pass: (ms: number): Promise<void> => {
      parts.clock.advance(ms);
      return quiet();
    },
    queueOf,
  };
}
