import { type Child, logTail } from '../../../infra/local/child.ts';
import { type Usage, usageOf } from './usage.ts';

/** A process that does the job: ours or Kafka Streams. */
export interface Side {
  readonly pid: number;
  /** From having its partitions to working on them, fencing and restoring included, ms. Rejects when it ended before that. */
  readonly ready: Promise<number>;
  usage(): Usage;
  stop(): Promise<void>;
}

/**
 * Both programs tell in the same words, a line each: `RUNNING <ms>` when they work, `FAILED <why>` when they cannot.
 * What else they say goes by.
 */
export async function sideOf(start: (onStdout: (text: string) => void) => Promise<Child>): Promise<Side> {
  const ready = Promise.withResolvers<number>();
  ready.promise.catch(() => undefined);
  let rest = '';
  const child = await start((text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('RUNNING ')) ready.resolve(Number(line.slice(8)));
      if (line.startsWith('FAILED ')) ready.reject(new Error(line));
    }
  });
  void child.exited.then(({ code, signal }) =>
    ready.reject(new Error(`${child.name} ended with ${signal ?? code}:\n${logTail(child)}`)),
  );
  return { pid: child.pid, ready: ready.promise, usage: () => usageOf(child.pid), stop: child.stop };
}
