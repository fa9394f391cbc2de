import { expect, it } from 'vitest';
import { parseStat } from '../runtime/usage.ts';
import { treeSeconds } from './process-trees.ts';

it('counts a process with all of its descendants, and no other', () => {
  const stats = [
    { pid: 1, parent: 0, cpuSeconds: 100 },
    { pid: 10, parent: 1, cpuSeconds: 1 },
    { pid: 11, parent: 10, cpuSeconds: 2 },
    { pid: 12, parent: 11, cpuSeconds: 4 },
    { pid: 20, parent: 1, cpuSeconds: 8 },
    { pid: 30, parent: 1, cpuSeconds: 16 },
  ];
  expect([...treeSeconds([10, 20, 99], () => stats)]).toEqual([
    [10, 7],
    [20, 8],
  ]);
});

it('reads parent and processor time of a process whose name has spaces and parentheses', () => {
  const stat = '42 (a (b) c) S 7 42 42 0 -1 4194560 100 0 0 0 250 50 9 9 20 0 1 0 100';
  expect(parseStat(stat)).toEqual({ parent: 7, cpuSeconds: 3 });
});
