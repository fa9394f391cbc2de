import type { Log } from '../../../infra/kafka/log.ts';
import type { Start } from './sides.ts';

/** The compilers of both sides have settled by then, or nearly: what is done before is not counted. */
const WARM_UP_MS = 2_000;
/** Long enough for a hundred commits of either side; the backlog lasts longer than that at any rate we saw. */
const MEASURED_MS = 5_000;
const POLL_MS = 20;
const STALLED_MS_MAX = 60_000;

export interface DrainOptions {
  readonly log: Log;
  readonly start: Start;
  readonly name: string;
  /** Whose committed offsets tell how far the side is. */
  readonly group: string;
  readonly input: string;
  readonly partitions: number;
  readonly records: number;
}

export interface Drained {
  /** Records a second. */
  readonly rate: number;
  /** Seconds of processor time for 10,000 records. */
  readonly cpu: number;
  /** Most memory that was resident so far, MB. */
  readonly memory: number;
}

interface Mark {
  readonly atMs: number;
  readonly done: number;
  readonly cpuSeconds: number;
}

/**
 * Lets one process work off the backlog, and measures by the offsets it has committed: they become visible with the outputs,
 * in the same transaction. From the first commit after the warm-up to the last one within the time, or to the backlog's end.
 * A backlog that ends before the warm-up (a quick run) is measured whole, from the start.
 */
export async function drain(options: DrainOptions): Promise<Drained> {
  const { log, start, name, input, partitions, records, group } = options;
  const side = await start({ name, input, partitions });
  try {
    const mark = async (): Promise<Mark> => ({
      done: await committedBy(log, group, input),
      atMs: performance.now(),
      cpuSeconds: side.usage().cpuSeconds,
    });
    let first = await mark();
    let last = first;
    await side.ready;
    const began = performance.now();
    let warm = false;
    while (last.done < records && (!warm || last.atMs - first.atMs < MEASURED_MS)) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      const next = await mark();
      if (next.done > last.done) {
        last = next;
        if (!warm && next.atMs - began > WARM_UP_MS) {
          warm = true;
          first = next;
        }
      } else if (next.atMs - last.atMs > STALLED_MS_MAX) throw new Error(`${name} stands still at ${last.done}`);
    }
    const count = last.done - first.done;
    return {
      rate: (count * 1_000) / (last.atMs - first.atMs),
      cpu: ((last.cpuSeconds - first.cpuSeconds) * 10_000) / count,
      memory: side.usage().residentMbMax,
    };
  } finally {
    await side.stop();
  }
}

const committedBy = async (log: Log, group: string, topic: string): Promise<number> =>
  (await log.committed(group, [topic])).reduce((sum, { offset }) => sum + Math.max(0, offset), 0);
