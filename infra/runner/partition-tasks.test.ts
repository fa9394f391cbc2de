import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { FetchedBatch, GroupOptions, Log } from '../kafka/port.ts';
import { PartitionTasks, type TakenOver } from './partition-tasks.ts';
import { ManualClock } from './testing/processors.ts';

const assignment = (generation: number, ...partitions: number[]) => ({ memberId: 'm', generation, partitions });
const batch = (partition: number) => ({ partition }) as FetchedBatch;

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Tasks whose consumer group is the test: it assigns, delivers and sets how long a takeover takes. */
function open({ stops = true } = {}) {
  const events: string[] = [];
  const takeovers: PromiseWithResolvers<void>[] = [];
  let group: GroupOptions | null = null;
  const log = {
    join: async (options: GroupOptions) => {
      group = options;
      return { close: async () => void events.push('left') };
    },
  } as unknown as Log;
  const taskOf = (name: string) => ({
    push: () => void events.push(`${name} pushed`),
    stop: () => {
      events.push(`${name} stops`);
      return stops ? Promise.resolve() : new Promise<void>(() => undefined);
    },
    drop: async () => void events.push(`${name} dropped`),
    inFlight: () => [{ processor: name, topic: 't', partition: 0, offset: 7, doing: 'work' as const, sinceMs: 0 }],
  });
  const clock = new ManualClock();
  const tasks = new PartitionTasks(
    {
      ...{ name: 'reader', group: 'khipu.reader', topics: ['t'], stopMsMax: 1_000 },
      async takeOver(partitions): Promise<TakenOver<ReturnType<typeof taskOf>>> {
        const takeover = Promise.withResolvers<void>();
        const number = takeovers.push(takeover);
        await takeover.promise;
        return {
          positions: [],
          begin: () => new Map(partitions.map((partition) => [partition, taskOf(`${number}/${partition}`)])),
          release: async () => void events.push(`${number} released`),
        };
      },
    },
    { log, clock, logger: pino({ level: 'silent' }) },
    { onCrash: () => events.push('crashed'), onPositioned: () => events.push('positioned') },
  );
  const handlers = async () => {
    await tasks.begin();
    return group?.handlers;
  };
  /** Ends a takeover, which begins after the older tasks were released. */
  const takenOver = async (number: number) => {
    await tick();
    takeovers[number - 1]?.resolve();
    await tick();
  };
  return { tasks, events, takenOver, clock, handlers };
}

describe('tasks of partitions', () => {
  it('take batches of their own assignment, not of an older one', async () => {
    const { handlers, events, takenOver } = open();
    const group = await handlers();
    const [first, second] = [assignment(1, 0, 1), assignment(2, 1)];
    void group?.onAssigned(first);
    await takenOver(1);
    group?.onBatch(batch(1), first);
    group?.onBatch(batch(2), first);
    expect(events).toEqual(['positioned', '1/1 pushed']);
    void group?.onAssigned(second);
    group?.onBatch(batch(1), first);
    await takenOver(2);
    group?.onBatch(batch(1), second);
    expect(events.slice(2)).toEqual(['1/0 dropped', '1/1 dropped', 'positioned', '2/1 pushed']);
  });

  it('do not begin when another assignment arrived during the takeover', async () => {
    const { handlers, events, takenOver, tasks } = open();
    const group = await handlers();
    const first = group?.onAssigned(assignment(1, 0)).catch((error: unknown) => error);
    await tick();
    void group?.onAssigned(assignment(2, 0));
    await takenOver(2);
    await takenOver(1);
    expect(await first).toMatchObject({ code: 'FENCED' });
    expect(events).toEqual(['positioned', '1 released']);
    expect(tasks.inFlight().map(({ processor }) => processor)).toEqual(['2/0']);
  });

  it.each([
    [false, '1/0 stops'],
    [true, '1/0 dropped'],
  ])('are stopped at the end, and dropped after an error (%s)', async (failed, ended) => {
    const { handlers, events, takenOver, tasks } = open();
    const group = await handlers();
    void group?.onAssigned(assignment(1, 0));
    await takenOver(1);
    if (failed) group?.onCrash(new Error('gone'));
    await tasks.close();
    expect(events.slice(-2)).toEqual([ended, 'left']);
    expect(events.includes('crashed')).toBe(failed);
    expect(tasks.inFlight()).toEqual([]);
  });

  it('that do not stop in time are dropped', async () => {
    const { handlers, events, takenOver, tasks, clock } = open({ stops: false });
    void (await handlers())?.onAssigned(assignment(1, 0));
    await takenOver(1);
    const closed = tasks.close();
    clock.advance(999);
    await tick();
    expect(events).not.toContain('1/0 dropped');
    clock.advance(1);
    await closed;
    expect(events.slice(-3)).toEqual(['1/0 stops', '1/0 dropped', 'left']);
  });
});
