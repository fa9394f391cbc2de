import { beforeEach, describe, expect, test } from 'vitest';
import { derivedId } from '../../schemas/ids.ts';
import { CutLog } from '../kafka/cut-log.ts';
import { firstLayout, LAYOUT_KEY, layoutRecord, layoutTopic, readLayout } from '../kafka/layout.ts';
import { MemoryBroker } from '../kafka/memory/broker.ts';
import { MemoryLog } from '../kafka/memory/log.ts';
import type { LogRecord, OutgoingRecord } from '../kafka/port.ts';
import { readRegion } from '../kafka/region.ts';
import { Progress } from '../runner/worker/progress.ts';
import { claimRegion, closeRegion, promoteRegion, type RegionDependencies, verifyRegion } from './promote.ts';

const MIRRORED = ['commands', 'events', 'work', 'results', 'core.redrive'];
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const promotion = { to: 'b', fenced: true, lagMsMax: 60_000 };

let broker: MemoryBroker;
let log: MemoryLog;
let dependencies: RegionDependencies;

class Died extends Error {}

beforeEach(async () => {
  broker = new MemoryBroker();
  log = new MemoryLog({ broker });
  const topics = [...MIRRORED, 'core.state'].map((name) => ({ name, partitions: 1, config: {} }));
  await log.createTopics([layoutTopic, ...topics]);
  await append([layoutRecord(LAYOUT_KEY, firstLayout({ partitions: 1, topologies: 'chained' }))]);
  await claimRegion(log, 'a');
  dependencies = dependenciesOf(log);
});

const dependenciesOf = (opened: MemoryLog): RegionDependencies => ({
  ...{ log: opened, topics: MIRRORED, timerTopics: new Set(), stateTopics: ['core.state'] },
  readers: () => [
    {
      ...{ name: 'core', kind: 'processor', group: 'khipu.core', redrives: 'core.redrive', attemptsMax: 0 },
      ...{ topics: ['commands', 'results', 'core.redrive'], membersOf: () => ['sessions'] },
    },
    {
      ...{ name: 'slm', kind: 'worker', group: 'khipu.slm', redrives: null, attemptsMax: 3 },
      ...{ topics: ['work'], membersOf: () => ['slm'] },
    },
  ],
  setUp: () => Promise.resolve(),
  onProgress: () => undefined,
});

const append = async (records: readonly OutgoingRecord[]): Promise<void> => {
  const appender = await log.appender();
  await appender.append(records);
  await appender.close();
};

const record = (topic: string, n: number, cause = n, outputs?: string): OutgoingRecord => ({
  ...{ topic, partition: 0, key: 'k', value: Buffer.from(String(n)) },
  headers: { ce_id: id(n), ce_causationid: id(cause), ...(outputs !== undefined && { khipu_outputs: outputs }) },
});
const command = (n: number) => record('commands', n);
const event = (n: number, cause: number, count: number) => record('events', n, cause, `${count}/core/${id(cause)}`);
const work = (n: number, cause: number, count: number) => record('work', n, cause, `${count}/core/${id(cause)}`);
const result = (n: number, cause: number) => record('results', n, cause, `1/slm/${id(cause)}`);

/** Returns what a process of the promoted region reads of a topic. */
async function seen(topic: string): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  const cut = new CutLog(log, async () => (await readRegion(log))?.cuts ?? []);
  await cut.readTo({
    from: [{ topic, partition: 0, offset: 0 }],
    onBatch: (batch) => void records.push(...batch.records),
  });
  return records;
}
const idsOf = (records: readonly LogRecord[]) => records.map(({ headers }) => headers['ce_id']);
const positionOf = async (group: string, topic: string) => (await log.committed(`khipu.${group}`, [topic]))[0];

/** Two commands with all of their outputs, and one that lost its work. */
const TORN = [command(1), event(11, 1, 2), work(12, 1, 2), command(2), event(21, 2, 2), work(22, 2, 2)];
const withTear = [...TORN, result(13, 12), command(3), event(31, 3, 2)];

describe('a promotion', () => {
  test('cuts off a decision without its effect, and reads its command again', async () => {
    await append(withTear);
    const { dropped, again, appended } = await promoteRegion(dependencies, promotion);
    expect(dropped).toMatchObject([{ id: id(31), topic: 'events', reason: 'outputs-missing', cause: id(3) }]);
    expect([again, appended]).toEqual([[], []]);
    expect(idsOf(await seen('events'))).toEqual([id(11), id(21)]);
    expect((await positionOf('core', 'commands'))?.offset).toBe(2);
  });

  test('runs one command again whose successor is whole, under its id and for the members that read it', async () => {
    await append([command(1), command(2), record('work', 12, 1, `2/core/${id(1)}`), event(21, 2, 1)]);
    const { again } = await promoteRegion(dependencies, promotion);
    expect(again).toMatchObject([{ id: id(1), topic: 'commands', reader: 'core' }]);
    const [copy] = await seen('core.redrive');
    expect(copy?.headers).toMatchObject({
      ...{ ce_id: id(1), khipu_redrive_processor: 'sessions', khipu_redrive_topic: 'commands' },
    });
    expect((await positionOf('core', 'commands'))?.offset).toBe(2);
  });

  test('appends a command of a client again that lies behind a torn record', async () => {
    await append([record('commands', 9, 8), command(1)]);
    const { dropped, appended } = await promoteRegion(dependencies, promotion);
    expect(dropped.map(({ reason }) => reason)).toEqual(['cause-missing', 'behind']);
    expect(appended).toMatchObject([{ id: id(1) }]);
    expect(idsOf(await seen('commands'))).toEqual([id(1)]);
    expect((await positionOf('core', 'commands'))?.offset).toBe(0);
  });

  test('lets a worker go on with its open work, with the runs that it had', async () => {
    await append([...withTear, record('results', 23, 22)]);
    await append([
      { ...record('results', 24, 22), headers: { ce_id: derivedId(id(22), 'slm', '2.0'), ce_causationid: id(22) } },
    ]);
    await promoteRegion(dependencies, promotion);
    const { offset = 0, metadata } = (await positionOf('slm', 'work')) ?? {};
    const progress = new Progress(offset, metadata);
    expect(offset).toBe(1);
    expect(progress.begin(1)).toBe(2);
  });

  test('marks every state as outdated, so that it is rebuilt from the events', async () => {
    await append(withTear);
    await promoteRegion(dependencies, promotion);
    const [mark] = await seen('core.state');
    expect(JSON.parse(mark?.value?.toString() ?? '')).toEqual({ version: -1, state: null });
  });

  test('gives the log to the region in a new term and a new epoch of the layout', async () => {
    await promoteRegion(dependencies, promotion);
    expect(await readRegion(log)).toMatchObject({ active: 'b', term: 2, promoting: null });
    expect((await readLayout(log))?.epoch).toBe(2);
  });

  test.each([
    ['REGION_NOT_FENCED', { fenced: false }],
    ['REGION_ACTIVE', { to: 'a' }],
  ])('is refused with %s', async (code, options) => {
    await append(withTear);
    await expect(promoteRegion(dependencies, { ...promotion, ...options })).rejects.toMatchObject({ code });
    expect(await readRegion(log)).toMatchObject({ active: 'a' });
  });

  test('needs no promise of the operator when the former region was fenced', async () => {
    const transactor = await log.transactor('fence');
    await closeRegion(log, transactor);
    await promoteRegion(dependencies, { ...promotion, fenced: false });
    expect(await readRegion(log)).toMatchObject({ active: 'b', term: 3 });
  });

  test('ends the same wherever it was interrupted, and appends nothing twice', async () => {
    const lost = [...withTear.slice(0, 1), command(2), record('work', 12, 1, `2/core/${id(1)}`), event(21, 2, 1)];
    for (let diesAt = 1; ; diesAt += 1) {
      broker = new MemoryBroker();
      log = new MemoryLog({ broker });
      await log.createTopics([...MIRRORED, 'core.state'].map((name) => ({ name, partitions: 1, config: {} })));
      await log.createTopics([layoutTopic]);
      await append([layoutRecord(LAYOUT_KEY, firstLayout({ partitions: 1, topologies: 'chained' })), ...lost]);
      await claimRegion(log, 'a');
      let changes = 0;
      const dying = new MemoryLog({
        broker,
        yield: async (point) => {
          if (point !== 'write' && point !== 'stage' && point !== 'commit') return;
          changes += 1;
          if (changes === diesAt) throw new Died();
        },
      });
      const first = await promoteRegion(dependenciesOf(dying), promotion).then(
        () => 'done',
        () => 'died',
      );
      if ((await readRegion(log))?.active !== 'b') await promoteRegion(dependenciesOf(log), promotion);
      expect(idsOf(await seen('core.redrive'))).toEqual([id(1)]);
      expect(idsOf(await seen('work'))).toEqual([]);
      expect((await positionOf('core', 'commands'))?.offset).toBe(2);
      if (first === 'done' && changes < diesAt) return;
    }
  });

  test('of a log that was promoted before leaves out what was cut off then', async () => {
    await append(withTear);
    await promoteRegion(dependencies, promotion);
    await append([event(31, 3, 2), work(32, 3, 2)]);
    const { dropped } = await promoteRegion(dependencies, { ...promotion, to: 'a' });
    expect(dropped).toEqual([]);
    expect(idsOf(await seen('events'))).toEqual([id(11), id(21), id(31)]);
  });
});

test('a check reports what is torn and changes nothing', async () => {
  await append(withTear);
  const { dropped, checked } = await verifyRegion(dependencies, { lagMsMax: 60_000 });
  expect([dropped.length, checked]).toEqual([1, withTear.length]);
  expect(await readRegion(log)).toMatchObject({ active: 'a', cuts: [] });
});
