import type { Log } from '../../../infra/kafka/port.ts';
import type { Start } from './subjects/start-subject.ts';

/** Warm-up that is not measured: the compilers of both sides have mostly settled after it. */
const WARM_UP_MS = 2_000;
/** Measured time: enough for a hundred commits of either side. The backlog lasts longer at any rate observed so far. */
const MEASURED_MS = 5_000;
const POLL_MS = 20;
const STALLED_MS_MAX = 60_000;

export interface BacklogOptions {
  readonly log: Log;
  readonly start: Start;
  readonly name: string;
  /** Group whose committed offsets show the progress of the side. */
  readonly group: string;
  readonly input: string;
  readonly partitions: number;
  readonly records: number;
}

export interface BacklogFigures {
  /** Records per second. */
  readonly rate: number;
  /** Processor time per 10,000 records, seconds. */
  readonly cpu: number;
  /** Peak resident memory, MB. */
  readonly memory: number;
}

interface Mark {
  readonly atMs: number;
  readonly done: number;
  readonly cpuSeconds: number;
}

/**
 * Lets one process drain the backlog, and measures by its committed offsets: they become visible with the outputs, in
 * the same transaction. Measures from the first commit after the warm-up to the last one within the time, or to the end
 * of the backlog. A backlog that ends before the warm-up (a quick run) is measured whole, from the start.
 */
export async function measureBacklog(options: BacklogOptions): Promise<BacklogFigures> {
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
      } else if (next.atMs - last.atMs > STALLED_MS_MAX)
        throw new Error(`${name} has made no progress since record ${last.done}`);
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
