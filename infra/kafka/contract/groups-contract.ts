import { describe, expect, it } from 'vitest';
import type { FetchedBatch } from '../port.ts';
import { eventually, type MakeLog, numbered, openBench, outgoing, Recorder, textsOf, unique } from './testing.ts';

const expectContiguous = (batches: readonly FetchedBatch[], from: number): void => {
  let next = from;
  for (const batch of batches) {
    expect(batch.from).toBe(next);
    for (const { offset } of batch.records) expect(offset >= batch.from && offset < batch.next).toBe(true);
    next = batch.next;
  }
};

/** Declares the contract tests of `Log.join`. */
export function describeGroups(makeLog: MakeLog): void {
  describe('groups', () => {
    const { log, topic } = openBench(makeLog);
    const appendTo = async (name: string, texts: readonly string[], partition = 0): Promise<void> => {
      const appender = await log().appender();
      await appender.append(texts.map((text) => outgoing(name, text, { partition })));
      await appender.close();
    };

    it('gives partition n of every topic to one member, splits them, and moves those of a leaving member to the others', async () => {
      const topics = [await topic(4), await topic(4)];
      const group = unique('group');
      const [one, two] = [new Recorder(), new Recorder()];
      const first = await log().join({ group, topics, handlers: one });
      await eventually(() => expect(one.partitions).toEqual([0, 1, 2, 3]));
      const second = await log().join({ group, topics, handlers: two });
      await eventually(() =>
        expect([...(one.partitions ?? []), ...(two.partitions ?? [])].sort()).toEqual([0, 1, 2, 3]),
      );
      expect([one.partitions?.length, two.partitions?.length]).toEqual([2, 2]);
      for (const name of topics) for (const partition of [0, 1, 2, 3]) await appendTo(name, ['x'], partition);
      await eventually(() => expect(one.records.length + two.records.length).toBe(8));
      for (const member of [one, two])
        expect(new Set(member.records.map(({ partition }) => partition))).toEqual(new Set(member.partitions));
      await first.close();
      await eventually(() => expect(two.partitions).toEqual([0, 1, 2, 3]));
      const generations = two.assignments.map(({ generation }) => generation);
      expect(new Set(generations).size).toBe(generations.length);
      await second.close();
      expect([...one.crashes, ...two.crashes]).toEqual([]);
    });

    it('lists the members of a group, with the start of their processes and their partitions', async () => {
      const name = await topic(3);
      const group = unique('group');
      expect(await log().members(group)).toEqual([]);
      const [one, two] = [new Recorder(), new Recorder()];
      const first = await log().join({ group, topics: [name], handlers: one });
      const second = await log().join({ group, topics: [name], handlers: two });
      await eventually(() => expect([...(one.partitions ?? []), ...(two.partitions ?? [])].sort()).toEqual([0, 1, 2]));
      const members = await log().members(group);
      const byId = (each: readonly { memberId: string; partitions: readonly number[] }[]) =>
        Object.fromEntries(each.map(({ memberId, partitions }) => [memberId, partitions]));
      const assignments = [one, two].map(({ assignments: all }) => all.at(-1)).filter((each) => each !== undefined);
      expect(byId(members)).toEqual(byId(assignments));
      for (const { startedMs, restarts, host, clientId } of members) {
        expect(startedMs).toBeGreaterThanOrEqual(Math.floor(performance.timeOrigin) - 1);
        expect(startedMs).toBeLessThanOrEqual(Date.now());
        expect([host, clientId]).not.toContain('');
        expect(restarts).toBeGreaterThanOrEqual(0);
      }
      expect(members.reduce((sum, { restarts }) => sum + (restarts ?? 0), 0)).toBe(1);
      await second.close();
      await eventually(() => expect(one.partitions).toEqual([0, 1, 2]));
      expect(await log().members(group)).toHaveLength(1);
      await first.close();
    });

    it('gives no partition to a member in excess', async () => {
      const name = await topic(1);
      const group = unique('group');
      const [one, two] = [new Recorder(), new Recorder()];
      const first = await log().join({ group, topics: [name], handlers: one });
      const second = await log().join({ group, topics: [name], handlers: two });
      await eventually(() => expect([one.partitions, two.partitions].map(String).sort()).toEqual(['', '0']));
      await Promise.all([first.close(), second.close()]);
    });

    it('delivers nothing before onAssigned resolves, then begins at the returned positions', async () => {
      const [named, left] = [await topic(2), await topic(2)];
      for (const partition of [0, 1]) await appendTo(named, numbered(10), partition);
      await appendTo(left, ['whole'], 1);
      const member = new Recorder();
      let answer: () => void = () => undefined;
      member.positions = async () => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return [
          { topic: named, partition: 0, offset: 6 },
          { topic: named, partition: 1, offset: 10 },
        ];
      };
      const membership = await log().join({ group: unique('group'), topics: [named, left], handlers: member });
      await eventually(() => expect(member.assignments).toHaveLength(1));
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(member.batches).toEqual([]);
      answer();
      await eventually(() => expect(member.records).toHaveLength(5));
      await appendTo(named, ['last'], 1);
      await eventually(() => expect(member.records).toHaveLength(6));
      const of = (name: string, partition: number) =>
        textsOf(member.records.filter((record) => record.topic === name && record.partition === partition));
      expect([of(named, 0), of(named, 1), of(left, 1)]).toEqual([['6', '7', '8', '9'], ['last'], ['whole']]);
      await membership.close();
    });

    it('delivers batches without a gap, across transactions and their markers', async () => {
      const name = await topic();
      const transactor = await log().transactor(unique('id'));
      const member = new Recorder();
      const membership = await log().join({ group: unique('group'), topics: [name], handlers: member });
      for (const text of numbered(30)) {
        await transactor.commit({ records: [outgoing(name, text)], group: unique('group'), offsets: [] });
        if (text === '15') await eventually(() => expect(member.records.length).toBeGreaterThan(0));
      }
      await transactor.close();
      await eventually(() => expect(member.batches.at(-1)?.next).toBe(60));
      expectContiguous(member.batches, 0);
      expect(textsOf(member.records)).toEqual(numbered(30));
      expect(member.batches.at(-1)?.highWatermark).toBe(60);
      await membership.close();
    });

    it('advances the position with an empty batch when only a marker is left', async () => {
      const name = await topic();
      const transactor = await log().transactor(unique('id'));
      await transactor.commit({ records: [outgoing(name, 'a')], group: unique('group'), offsets: [] });
      await transactor.close();
      const member = new Recorder();
      member.positions = async () => [{ topic: name, partition: 0, offset: 1 }];
      const membership = await log().join({ group: unique('group'), topics: [name], handlers: member });
      await eventually(() => expect(member.batches).toMatchObject([{ from: 1, next: 2, records: [] }]));
      await appendTo(name, ['b']);
      await eventually(() => expect(textsOf(member.records)).toEqual(['b']));
      expectContiguous(member.batches, 1);
      await membership.close();
    });

    it('pauses a partition while its batch is not accepted, continues with the others, then resumes it', async () => {
      const name = await topic(2);
      const member = new Recorder();
      const taken: (() => void)[] = [];
      member.take = ({ partition }) => (partition === 0 ? new Promise<void>((done) => taken.push(done)) : undefined);
      const membership = await log().join({ group: unique('group'), topics: [name], handlers: member });
      const of = (partition: number) => textsOf(member.records.filter((record) => record.partition === partition));
      await appendTo(name, ['0'], 0);
      await eventually(() => expect(of(0)).toEqual(['0']));
      for (const text of ['1', '2', '3', '4', '5', '6']) await appendTo(name, [text], 0);
      await appendTo(name, numbered(3), 1);
      await eventually(() => expect(of(1)).toEqual(['0', '1', '2']));
      await new Promise((resolve) => setTimeout(resolve, 600));
      // One or two batches that were fetched already may still arrive; then the partition is paused.
      expect(taken.length).toBeLessThanOrEqual(3);
      const whileHeld = taken.length;
      if (whileHeld > 1) {
        taken.shift()?.();
        await new Promise((resolve) => setTimeout(resolve, 400));
        expect(taken).toHaveLength(whileHeld - 1);
      }
      member.take = () => undefined;
      for (const done of taken) done();
      await eventually(() => expect(of(0)).toEqual(numbered(7)));
      expectContiguous(
        member.batches.filter(({ partition }) => partition === 0),
        0,
      );
      await membership.close();
    });

    it('ends the membership of a member whose onAssigned or onBatch rejects, and delivers nothing more', async () => {
      const name = await topic();
      await appendTo(name, ['a']);
      const [unassigned, untaken] = [new Recorder(), new Recorder()];
      unassigned.positions = () => Promise.reject(new Error('cannot restore'));
      untaken.take = () => Promise.reject(new Error('cannot take'));
      const memberships = await Promise.all(
        [unassigned, untaken].map((handlers) => log().join({ group: unique('group'), topics: [name], handlers })),
      );
      await eventually(() => expect([unassigned.crashes.length, untaken.crashes.length]).toEqual([1, 1]));
      await appendTo(name, ['b']);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(unassigned.batches).toEqual([]);
      expect(textsOf(untaken.records)).toEqual(['a']);
      expect([unassigned.crashes[0]?.message, untaken.crashes[0]?.message]).toEqual(['cannot restore', 'cannot take']);
      await Promise.all(memberships.map((membership) => membership.close()));
    });
  });
}
