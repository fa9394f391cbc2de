import type { Worker } from '../../../streams/kernel.ts';
import type { LogRecord } from '../../kafka/port.ts';
import { DeadLetterGate } from '../dead-letters/gate.ts';
import type { ParkedKeys } from '../dead-letters/parked-keys.ts';
import { Progress } from '../worker/progress.ts';
import { WorkerTask } from '../worker/task.ts';
import { quiet, watch } from './by-hand.ts';
import { partsOf, recordAt } from './worker.ts';

/** Step of the clock, in ms: no wait of a stop is shorter. */
const STEP_MS = 10;

/**
 * Returns a task of a worker, fed by the test. `metadata` is the commit of its last owner; `parkedKeys` are the parked keys
 * of a worker that parks.
 */
export function open(over: Partial<Worker> = {}, metadata = '', parkedKeys: ParkedKeys | null = null) {
  const parts = partsOf(over, new Progress(0, metadata));
  const crashes: unknown[] = [];
  const gate = new DeadLetterGate('work', parkedKeys);
  const task = new WorkerTask({ ...parts, gate, weightOf: () => 1, onCrash: (error) => void crashes.push(error) });
  let from = 0;
  const push = async (
    records: readonly LogRecord[],
    next = (records.at(-1)?.offset ?? -1) + 1,
    highWatermark = next,
  ) => {
    const { topic, partition } = parts;
    const paused = task.push({ topic, partition, from, next, highWatermark, records });
    from = next;
    await quiet();
    return paused === undefined ? null : watch(paused);
  };
  let offset = 0;
  return {
    ...{ ...parts, task, crashes, push },
    /** Pushes prompts at the next offsets. */
    send: (...prompts: readonly (readonly [key: string, prompt: string])[]) =>
      push(
        prompts.map(([key, prompt]) => {
          offset += 1;
          return recordAt(offset - 1, key, prompt);
        }),
      ),
    pass: async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        parts.clock.advance(STEP_MS);
        await quiet();
      }
    },
    /** Returns the transactions that wrote records: the committed offset and the records. */
    wrote: () =>
      parts.transactor.batches
        .filter(({ records }) => records.length > 0)
        .map(({ records, offsets }) => ({ offset: offsets[0]?.offset, records })),
  };
}
