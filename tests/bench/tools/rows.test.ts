import { expect, test } from 'vitest';
import { toolRows } from './rows.ts';

test('a row has the service alone beside it, and an aim for each driver', () => {
  const rows = toolRows({
    'call p50': { kafkajs: 30, 'second driver': 20 },
    'bare p50': { kafkajs: 3, 'second driver': 2 },
    'added p50': { kafkajs: 27, 'second driver': 18 },
  });
  expect(rows).toMatchObject([
    { unit: 'ms', ours: { kafkajs: 30, 'second driver': 20 }, beside: { 'the service alone': 2 }, aims: [] },
    { ours: { kafkajs: 27, 'second driver': 18 }, aims: [{ reached: false }, { reached: true }] },
  ]);
});

test('a start is bounded at p99, where its tier has a bound', () => {
  const rows = toolRows({
    'process p50': { sandbox: 70 },
    'process p99': { sandbox: 160 },
    'kernel p99': { sandbox: 900 },
  });
  expect(rows.map(({ aims }) => aims.map(({ reached }) => reached))).toEqual([[], [false], []]);
});
