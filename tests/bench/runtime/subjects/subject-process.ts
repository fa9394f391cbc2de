import { type Child, logTail } from '../../../../infra/local/process/child.ts';
import { type Usage, usageOf } from '../usage.ts';

/** A process that runs the job: Khipu or Kafka Streams. */
export interface SubjectProcess {
  readonly pid: number;
  /**
   * Time from the assignment of its partitions to the first work, fencing and restoring included, ms. Rejects when the
   * process ends before that.
   */
  readonly ready: Promise<number>;
  usage(): Usage;
  stop(): Promise<void>;
}

/**
 * Starts a program and parses its output. Both programs report in the same format, one line each: `RUNNING <ms>` when
 * they work, `FAILED <reason>` when they cannot. Other output is ignored.
 */
export async function subjectOf(start: (onStdout: (text: string) => void) => Promise<Child>): Promise<SubjectProcess> {
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
