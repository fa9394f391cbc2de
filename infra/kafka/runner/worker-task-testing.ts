import type { Worker } from '../../../streams/kernel.ts';
import type { LogRecord } from '../log.ts';
import { Aside } from './aside.ts';
import { quiet, watch } from './by-hand-testing.ts';
import type { ParkedLines } from './parking.ts';
import { Progress } from './progress.ts';
import { WorkerTask } from './worker-task.ts';
import { partsOf, recordAt } from './worker-testing.ts';

/** How finely time passes here: no wait of a stop is shorter. */
const STEP_MS = 10;

/** A task of a worker, fed by hand. `metadata` is what its last owner committed; `lines` those of a worker that parks. */
export function open(over: Partial<Worker> = {}, metadata = '', lines: ParkedLines | null = null) {
  const parts = partsOf(over, new Progress(0, metadata));
  const crashes: unknown[] = [];
  const aside = new Aside('work', lines);
  const task = new WorkerTask({ ...parts, aside, onCrash: (error) => void crashes.push(error) });
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
    /** Prompts at the next offsets. */
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
    /** Each transaction that wrote something: how far the partition was done with it, and what it wrote. */
    wrote: () =>
      parts.transactor.batches
        .filter(({ records }) => records.length > 0)
        .map(({ records, offsets }) => ({ offset: offsets[0]?.offset, records })),
  };
}
