import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { groupMembers, groupMemoryBytes, isSame, markOf, signalGroup, startOf } from './pids.ts';

const sleeper = async () => {
  const child = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  return { child, pid: child.pid as number };
};

test('a process matches its mark until it ends', async () => {
  const { child, pid } = await sleeper();
  const mark = markOf(pid);
  if (!mark) throw new Error('no mark of a living process');
  expect(isSame(mark)).toBe(true);
  expect(groupMembers(pid)).toEqual([pid]);
  expect(groupMemoryBytes(pid)).toBeGreaterThan(0);
  signalGroup(pid, 'SIGKILL');
  await once(child, 'exit');
  expect(isSame(mark)).toBe(false);
  expect(groupMembers(pid)).toEqual([]);
  expect(signalGroup(pid, 'SIGTERM')).toBe(false);
});

test('the same pid with another start is another process', () => {
  const mine = startOf(process.pid);
  expect(mine).toBeDefined();
  expect(isSame({ pid: process.pid, startedAt: `${mine}0` })).toBe(false);
});
