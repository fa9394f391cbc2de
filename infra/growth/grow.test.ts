import { describe, expect, it } from 'vitest';
import { deadLetterTopic, type Topic, topics } from '../../schemas/topics.ts';
import { partitionOfPlace } from '../../streams/kernel/place.ts';
import { readLayout } from '../kafka/layout.ts';
import { MemoryLog } from '../kafka/memory/log.ts';
import type { LogRecord } from '../kafka/port.ts';
import { Ledger } from '../runner/dead-letters/ledger.ts';
import { growPartitions, planGrowth } from './grow.ts';
import { grownTopics } from './grown-topics.ts';
import { targetOf } from './target.ts';
import { contentOf, Died, deadLetters, platform, READER } from './testing.ts';
import { lettersOf, recordsOf, statesIn, TENANTS } from './testing-load.ts';

const loaded = [
  topics.sessionsCommands,
  topics.policyDecisions,
  topics.sessionsEvents,
  topics.auditEvents,
] as readonly Topic[];

/** Returns a platform with records, states and dead letters, of which everything was read. */
async function loadedPlatform(partitions = 4) {
  const subject = await platform(partitions);
  for (const topic of loaded) await subject.append(recordsOf(topic, 3));
  await subject.append(statesIn(partitions));
  const commands = contentOf(subject.log).get(topics.sessionsCommands.name) ?? [];
  await subject.append(lettersOf(commands.flat()));
  await subject.drain();
  return subject;
}

/** Returns the readable records of each key in order, without their places. */
function sequencesOf(log: MemoryLog): ReadonlyMap<string, readonly object[]> {
  const found = new Map<string, object[]>();
  for (const [topic, partitions] of contentOf(log)) {
    if (topic.endsWith('.dlq') || topic.endsWith('.state')) continue;
    for (const { key, value, headers, timestampMs } of partitions.flat()) {
      const sequence = found.get(`${topic} ${key}`) ?? [];
      found.set(`${topic} ${key}`, sequence);
      sequence.push({ value: value?.toString(), headers, timestampMs });
    }
  }
  return found;
}

const statesOf = (log: MemoryLog): readonly (readonly [string, number])[] => {
  const latest = new Map<string, LogRecord>();
  for (const partition of contentOf(log).get(topics.sessionsState.name) ?? [])
    for (const record of partition)
      if (record.value !== null) latest.set(record.value.toString(), record);
      else
        for (const [value, { key, partition: at }] of latest)
          if (key === record.key && at === record.partition) latest.delete(value);
  return [...latest].map(([value, { partition }]) => [value, partition] as const).sort();
};

const opened = ({ broker }: Awaited<ReturnType<typeof platform>>): MemoryLog => new MemoryLog({ broker });

async function expectGrown(
  subject: Awaited<ReturnType<typeof platform>>,
  before: MemoryLog | ReadonlyMap<string, readonly object[]>,
  to: number,
) {
  const log = opened(subject);
  expect(sequencesOf(log)).toEqual(before);
  for (const { name } of grownTopics) expect(log.partitionsOf(name).length).toBe(to);
  const at = await log.committed(READER.name, READER.topics);
  const ends = await log.watermarks(READER.topics);
  expect(at.map(({ offset }) => offset)).toEqual(ends.map(({ high }) => high));
  expect(await readLayout(log)).toMatchObject({ epoch: Math.log2(to) - 1, partitions: to, growing: null });
}

describe('a growth', () => {
  it('keeps every record once, whole and in the order of its key, in the partition of the larger layout', async () => {
    const subject = await loadedPlatform();
    const before = sequencesOf(subject.log);
    expect([...before.values()].every(({ length }) => length === 3)).toBe(true);
    for (const to of [8, 16]) {
      await growPartitions(to, subject.run().dependencies);
      await expectGrown(subject, before, to);
      for (const rule of loaded)
        for (const record of (contentOf(opened(subject)).get(rule.name) ?? []).flat())
          expect(targetOf({ rule }, record, { from: to, to })).toBe(record.partition);
    }
    const used = (contentOf(opened(subject)).get(topics.policyDecisions.name) ?? []).filter(({ length }) => length > 0);
    expect(used.length).toBeGreaterThan(4);
  });

  it('moves each state to the partition of its records, once', async () => {
    const subject = await loadedPlatform();
    const values = statesOf(subject.log).map(([value]) => value);
    await growPartitions(16, subject.run().dependencies);
    expect(statesOf(opened(subject)).map(([value]) => value)).toEqual(values);
    const home = new Map(
      (contentOf(opened(subject)).get(topics.sessionsEvents.name) ?? [])
        .flat()
        .map(({ key, partition }) => [key, partition]),
    );
    for (const [value, partition] of statesOf(opened(subject)))
      expect(partition).toBe(home.get(value.replace('state of ', '')));
  });

  it('moves a state that has no events by its key: a tenant or a place', async () => {
    const subject = await platform(4);
    const keys = [...TENANTS, ...TENANTS.map((tenantId) => `${tenantId}/13`)];
    await subject.append(
      keys.map((key) => ({
        ...{ topic: topics.policyState.name, partition: partitionOfPlace(key, 4), key, headers: {} },
        value: Buffer.from('{}'),
      })),
    );
    await growPartitions(16, subject.run().dependencies);
    const partitions = contentOf(opened(subject)).get(topics.policyState.name) ?? [];
    const latest = partitions.map((records) => new Map(records.map(({ key, value }) => [key, value])));
    for (const [partition, states] of latest.entries())
      for (const [key, value] of states) expect(value !== null).toBe(partitionOfPlace(key ?? '', 16) === partition);
    expect(
      latest.flatMap((states) => [...states].flatMap(([key, value]) => (value === null ? [] : [key]))).sort(),
    ).toEqual(keys.toSorted());
  });

  it('takes dead letters and the notes on them along, under names that no later letter gets', async () => {
    const subject = await loadedPlatform();
    const open = async (): Promise<readonly (readonly [string | null, string])[]> => {
      const ledger = new Ledger();
      await ledger.readNew(opened(subject), [topics.sessionsCommands.name]);
      return ledger.letters.map(({ key, note, value }) => [`${key} ${value}`, note?.outcome ?? 'open'] as const).sort();
    };
    const before = await open();
    expect(new Set(before.map(([, outcome]) => outcome))).toEqual(new Set(['open', 'dropped']));
    await growPartitions(8, subject.run().dependencies);
    expect(await open()).toEqual(before);
    // The first records of the new partitions have offsets that the moved originals had.
    const later = recordsOf(topics.sessionsCommands as Topic, 4).slice(-24);
    const positions = await (await opened(subject).appender()).append(later);
    const stored = later.map((record, n) => ({ ...record, ...positions[n], timestampMs: 0 }) as LogRecord);
    await (await opened(subject).appender()).append(lettersOf(stored).filter(({ value }) => value !== null));
    expect((await open()).length).toBe(before.length + later.length);
    expect(deadLetterTopic(topics.sessionsCommands.name)).toBe(deadLetters);
  });

  // It grows a platform once for each change, and the changes grow with the topics.
  it('dies before any of its changes, and is completed by the next run', { timeout: 240_000 }, async () => {
    const whole = await loadedPlatform();
    const { dependencies, changes } = whole.run();
    await growPartitions(8, dependencies);
    const letters = (log: MemoryLog): number => (contentOf(log).get(deadLetters) ?? []).flat().length;
    const [before, states] = [sequencesOf(opened(whole)), statesOf(opened(whole))];
    expect(changes()).toBeGreaterThan(50);
    for (let at = 1; at <= changes(); at += 1) {
      const subject = await loadedPlatform();
      await expect(growPartitions(8, subject.run(at).dependencies)).rejects.toThrow(/before change/);
      await growPartitions(8, subject.run().dependencies);
      await expectGrown(subject, before, 8);
      expect(statesOf(opened(subject))).toEqual(states);
      expect(letters(opened(subject))).toBe(letters(opened(whole)));
    }
  });
});

describe('a growth is refused', () => {
  const refused = async (to: number, subject: Awaited<ReturnType<typeof platform>>, code: string): Promise<void> => {
    for (const attempt of [planGrowth, growPartitions])
      await expect(attempt(to, subject.run().dependencies)).rejects.toMatchObject({ code });
    expect(opened(subject).partitionsOf(topics.policyDecisions.name).length).toBe(4);
    expect(await readLayout(opened(subject))).toMatchObject({ partitions: 4, growing: null });
  };

  it.each([2, 4, 12, 512])('to %i partitions, from 4', async (to) => {
    await refused(to, await loadedPlatform(), 'PARTITIONS_INVALID');
  });

  it('while a group has members', async () => {
    const subject = await loadedPlatform();
    const onAssigned = async () => [];
    const handlers = { onAssigned, onBatch: () => undefined, onCrash: () => undefined };
    const member = await subject.log.join({ group: 'khipu.policy', topics: READER.topics, handlers });
    await expect.poll(() => subject.broker.group('khipu.policy').subscribed).not.toEqual([]);
    await refused(8, subject, 'PLATFORM_RUNNING');
    await member.close();
  });

  it('while a reader has not read everything', async () => {
    const subject = await loadedPlatform();
    await subject.append(recordsOf(topics.sessionsCommands as Topic, 1));
    await refused(8, subject, 'NOT_DRAINED');
  });

  it('while another is under way', async () => {
    const subject = await loadedPlatform();
    await expect(growPartitions(8, subject.run(40).dependencies)).rejects.toThrow(Died);
    await expect(growPartitions(16, subject.run().dependencies)).rejects.toMatchObject({ code: 'GROWTH_OTHER' });
  });

  it('when a process writes meanwhile: before anything is deleted', async () => {
    const subject = await loadedPlatform();
    const before = sequencesOf(subject.log);
    let written = false;
    const onProgress = (line: string): void => {
      if (written || !line.startsWith(topics.sessionsCommands.name)) return;
      written = true;
      const [stray] = recordsOf(topics.sessionsCommands as Topic, 1);
      if (stray !== undefined) subject.broker.append([{ ...stray, partition: 0 }]);
    };
    await expect(
      growPartitions(8, subject.run(Number.POSITIVE_INFINITY, { onProgress }).dependencies),
    ).rejects.toMatchObject({
      code: 'GROWTH_UNEQUAL',
    });
    for (const [key, sequence] of before)
      expect(sequencesOf(opened(subject)).get(key)).toEqual(expect.arrayContaining([...sequence]));
  });
});
